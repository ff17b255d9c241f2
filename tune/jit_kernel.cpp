#include "tune/jit_kernel.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include "src/kernels/parallel_tasks.h"
#include "src/kernels/scratch.h"
#include <Halide.h>
#include <algorithm>

namespace unet {

namespace {

/// What Halide passes to the hooks of a call.
struct JitContext : Halide::JITUserContext {
    RunContext *run = nullptr;
};

int jit_parallel_for(Halide::JITUserContext *context, int (*task)(Halide::JITUserContext *, int, uint8_t *), int min,
                     int size, uint8_t *closure) {
    return parallel_tasks(min, size, [&](int i) { return task(context, i, closure); });
}
void *jit_allocate(Halide::JITUserContext *, size_t bytes) { return take_scratch(bytes); }
void jit_release(Halide::JITUserContext *, void *pointer) { release_scratch(pointer); }
void jit_keep_message(Halide::JITUserContext *context, const char *message) {
    static_cast<JitContext *>(context)->run->keep(message);
}

Halide::JITHandlers hooks() {
    Halide::JITHandlers handlers;
    handlers.custom_do_par_for = jit_parallel_for;
    handlers.custom_malloc = jit_allocate;
    handlers.custom_free = jit_release;
    handlers.custom_error = jit_keep_message;
    return handlers;
}

/// Inputs come first, then outputs, whatever the order of their declaration.
std::vector<bool> outputs_of(Halide::Internal::AbstractGenerator &generator) {
    std::vector<bool> outputs;
    for (const auto &argument : generator.arginfos())
        outputs.push_back(argument.dir == Halide::Internal::ArgInfoDirection::Output);
    std::sort(outputs.begin(), outputs.end());
    return outputs;
}

std::string first_line(const std::string &text) { return text.substr(0, text.find('\n')); }

}  // namespace

struct JitKernel::Impl {
    Halide::Callable code;
    std::vector<bool> outputs;
};

JitKernel::JitKernel(const std::string &generator, const std::string &halide_target, const Parameters &parameters)
    : impl_(std::make_unique<Impl>()) {
    try {
        const Halide::GeneratorContext context{Halide::Target(halide_target)};
        const auto made = Halide::Internal::get_registered_generators().create(generator, context);
        if (!made) throw Error(Exit::internal, "there is no generator " + generator);
        made->set_generatorparam_values(parameters);
        impl_->outputs = outputs_of(*made);
        const Halide::JITHandlers handlers = hooks();
        impl_->code = made->compile_to_callable(&handlers);
    } catch (const Halide::Error &error) {
        throw Error(Exit::data, first_line(error.what()));
    }
}

JitKernel::~JitKernel() = default;

int JitKernel::operator()(const void *context, std::span<const void *const> arguments) const {
    JitContext own;
    own.run = static_cast<RunContext *>(const_cast<void *>(context));
    Halide::JITUserContext *const first = &own;
    std::vector<const void *> all{&first};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return impl_->code.call_argv_fast(all.size(), all.data());
}

const std::vector<bool> &JitKernel::outputs() const { return impl_->outputs; }

namespace {

int on_device(RunContext &run, halide_buffer_t &buffer, const auto &call) {
    if (!buffer.device) return 0;
    JitContext context;
    context.run = &run;
    Halide::Internal::JITSharedRuntime::populate_jit_handlers(&context, hooks());
    return call(*buffer.device_interface, static_cast<Halide::JITUserContext *>(&context));
}

}  // namespace

int finish_device(RunContext &context, halide_buffer_t &buffer) {
    return on_device(context, buffer, [&](auto &device, auto *own) { return device.device_sync(own, &buffer); });
}

int fetch(RunContext &context, halide_buffer_t &buffer) {
    return on_device(context, buffer, [&](auto &device, auto *own) { return device.copy_to_host(own, &buffer); });
}

int free_on_device(RunContext &context, halide_buffer_t &buffer) {
    return on_device(context, buffer, [&](auto &device, auto *own) { return device.device_free(own, &buffer); });
}

}  // namespace unet
