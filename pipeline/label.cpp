#include "pipeline/label.h"
#include "pipeline/label_stack.h"
#include "pipeline/stop.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_option(const std::string &option, const std::string &fact) {
    throw Error(Exit::usage, "--" + option + ": " + fact);
}

void check_label_options(const LabelOptions &options) {
    const std::string streamed_only = "with --method components or watershed and without --grow only";
    const Connectivity of_pixels = options.connectivity;
    if (!options.is_streamed()) {
        if (options.through_slices) refuse_option("volume", streamed_only);
        if (options.fill_holes) refuse_option("fill-holes", streamed_only);
        if (options.corners()) refuse_option("connectivity", "8 and 26 " + streamed_only);
    }
    if (options.through_slices && (of_pixels == Connectivity::four || of_pixels == Connectivity::eight))
        refuse_option("connectivity", "a volume has 6 or 26; give one of them, or leave out --volume");
    if (!options.through_slices && (of_pixels == Connectivity::six || of_pixels == Connectivity::twenty_six))
        refuse_option("connectivity", "a slice has 4 or 8; give one of them, or add --volume");
}

std::vector<StackFiles> with_lists(std::vector<StackFiles> plan, const LabelOptions &options) {
    for (StackFiles &stack : plan)
        if (options.list) {
            const fs::path list = object_list_path(stack.outputs.front());
            if (list == stack.outputs.front())
                throw Error(Exit::usage,
                            "--csv: " + list.string() + " would be the table's name, too; name the output .tif");
            stack.outputs.push_back(list);
        }
    return plan;
}

}  // namespace

void run_label(const LabelOptions &options) {
    check_label_options(options);
    answer_signals();
    const std::vector<StackFiles> plan =
        with_lists(plan_files({expand_paths(options.inputs)}, options.output, {"objects"}), options);
    prepare_outputs(plan, true);  // what stands there already, is_complete judges
    const auto pool = std::make_shared<StackPool>();
    std::vector<LabelStack> stacks;
    int64_t slices = 0;
    for (const StackFiles &files : plan) {
        LabelStack stack(files, options, pool);
        if (stack.is_complete()) {
            stack.remove_leftovers();
            continue;
        }
        slices += stack.slices_to_read();
        stacks.push_back(std::move(stack));
    }
    Progress progress("label", slices, "slices", progress_style(options.quiet));
    uint64_t count = 0;
    for (const LabelStack &stack : stacks) count += stack.run(progress);
    progress.say(stacks.empty() ? "nothing to do: all labels are there" : fmt::format("{} objects", count));
    for (const StackFiles &files : plan)
        for (const fs::path &path : files.outputs) fmt::print("{}\n", path.string());
}

}  // namespace unet
