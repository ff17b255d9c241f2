#include "tune/kernel_list.h"
#include "generated/kernel_names.h"
#include "tune/kernel_hooks.h"
#include <sstream>

namespace unet {

namespace {

enum KernelNumber : size_t {
#define UNETFLOW_NUMBER(kernel, op, parameters) number_of_##kernel,
    UNETFLOW_EACH_KERNEL(UNETFLOW_NUMBER)
};

template<size_t kernel, auto member>
void watch(Kernels &table) {
    table.*member = detail::watched<kernel, member>;
}

template<size_t kernel, auto member>
void exchange(Kernels &table, const JitKernel &by) {
    detail::replacement<kernel> = &by;
    table.*member = detail::exchanged<kernel>;
}

// "tile=6;deep=true"
JitKernel::Parameters parameters_of(const std::string &text) {
    JitKernel::Parameters parameters;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ';');)
        parameters[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    return parameters;
}

template<size_t kernel, auto member>
KernelEntry entry(const char *name, const char *op, const char *parameters) {
    return {name, op, parameters_of(parameters), watch<kernel, member>, exchange<kernel, member>};
}

}  // namespace

const std::vector<KernelEntry> &kernel_list() {
    static const std::vector<KernelEntry> list{
#define UNETFLOW_ENTRY(kernel, op, parameters) entry<number_of_##kernel, &Kernels::kernel>(#kernel, op, parameters),
        UNETFLOW_EACH_KERNEL(UNETFLOW_ENTRY)};
    return list;
}

KnobValues generic_knobs_of(const std::string &kernel, const std::string &target) {
    for (const auto &[name, of_target, knobs] : generic_knobs)
        if (name == kernel && of_target == target) return parse_knobs(knobs);
    return {};
}

int lanes_of(const std::string &halide_target) {
    if (halide_target.find("avx512") != std::string::npos) return 16;
    return halide_target.find("avx2") != std::string::npos ? 8 : 4;
}

std::vector<KnobChoices> choices_of(const KernelEntry &kernel, const std::string &halide_target) {
    const bool cuda = halide_target.find("cuda") != std::string::npos;
    if (!cuda && halide_target.find("opencl") == std::string::npos)
        return knob_choices(kernel.op, lanes_of(halide_target));
    if (kernel.parameters.contains("thin")) return {};  // a thread has the one input channel there is
    return device_knob_choices(kernel.op, cuda ? "cuda" : "gpu");
}

std::unique_ptr<JitKernel> compile(const KernelEntry &kernel, const std::string &halide_target,
                                   const KnobValues &knobs) {
    JitKernel::Parameters parameters = kernel.parameters;
    for (const auto &[name, value] : knobs) parameters[name] = std::to_string(value);
    return std::make_unique<JitKernel>(kernel.op, halide_target, parameters);
}

}  // namespace unet
