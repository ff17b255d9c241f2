#include "pipeline/stack_files.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include <set>

namespace unet {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> names(const fs::path &output, const std::vector<std::string> &kinds) {
    if (kinds.size() == 1) return {output};
    std::vector<fs::path> all;
    for (const std::string &kind : kinds)
        all.push_back(output.parent_path() / (output.stem().string() + "." + kind + ".tif"));
    return all;
}

void check_target(const fs::path &output, const FileSet &inputs, bool overwrite) {
    check_output(output, inputs);
    if (fs::is_directory(output)) throw Error(Exit::cannot_create, output.string() + ": is a folder; name a file");
    if (fs::exists(output) && !overwrite)
        throw Error(Exit::cannot_create, output.string() + ": exists; add --overwrite to replace it");
}

}  // namespace

bool is_folder(const std::string &output) { return output.ends_with('/') || fs::is_directory(output); }

std::vector<StackFiles> plan_files(const FileLists &inputs, const std::string &output,
                                   const std::vector<std::string> &kinds) {
    if (!is_folder(output)) return {{inputs.files, names(output, kinds), inputs.lists}};
    std::vector<StackFiles> plan;
    std::set<fs::path> taken;
    for (size_t i = 0; i < inputs.length(); i++) {
        const fs::path &input = inputs.files[i];
        const fs::path name = fs::path(output) / (input.stem().string() + ".tif");
        if (!taken.insert(name).second)
            throw Error(Exit::usage,
                        input.string() + ": another input has the same name; write them into different folders");
        plan.push_back({inputs.beside(i), names(name, kinds), inputs.lists});
    }
    return plan;
}

void prepare_outputs(const std::vector<StackFiles> &files, bool overwrite) {
    FileSet inputs;
    for (const StackFiles &stack : files) inputs.add(stack.inputs);
    for (const StackFiles &stack : files)
        for (const fs::path &output : stack.outputs) {
            check_target(output, inputs, overwrite);
            make_folder_of(output);
        }
}

}  // namespace unet
