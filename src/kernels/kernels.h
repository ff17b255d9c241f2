// The one place where the program meets the ahead-of-time kernels. One member per `unetflow_kernel` line of CMakeLists.txt.
#pragma once
#include "src/base/error.h"
#include "src/kernels/devices.h"
#include "src/kernels/image.h"
#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace unet {

class DeviceMemory;

/// What Halide's hooks know of a call: its first error message, and where it goes on a device.
struct RunContext {
    std::string error;
    const DeviceQueue *queue = current_queue();
    void keep(const char *message);  ///< the first counts
};

/// How the images between the layers of a network that segments are stored. Sums are float32 in any case.
enum class Precision { float32, float16 };

/// The kernels of one target. Every member returns 0 or a Halide error code; call them through `run`.
/// Shapes and meaning stand in generators/<op>.h.
struct Kernels {
    using Buffer = halide_buffer_t *;
    using Context = const void *;
    std::string_view name;
    std::string_view halide_target;
    Precision precision = Precision::float32;  ///< float16: fit for inference only

    int (*conv3x3)(Context, Buffer in, Buffer filter, Buffer bias, bool relu, Buffer out) = nullptr;
    int (*conv3x3_pair)(Context, Buffer a, Buffer b, Buffer filter_a, Buffer filter_b, Buffer bias, bool relu, Buffer out) = nullptr;
    int (*conv3x3_input_grad)(Context, Buffer d_out, Buffer out, Buffer filter, bool relu, Buffer d_in) = nullptr;
    int (*conv3x3_filter_grad)(Context, Buffer in, Buffer d_out, Buffer out, bool relu, Buffer d_filter_above, Buffer d_bias_above, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*conv3x3_filter_grad_thin)(Context, Buffer in, Buffer d_out, Buffer out, bool relu, Buffer d_filter_above, Buffer d_bias_above, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*conv3x3_winograd6)(Context, Buffer in, Buffer filter, Buffer bias, bool relu, int tiles_x, int tiles_y, Buffer out) = nullptr;
    int (*conv3x3_winograd4)(Context, Buffer in, Buffer filter, Buffer bias, bool relu, int tiles_x, int tiles_y, Buffer out) = nullptr;
    int (*conv3x3_winograd6_deep)(Context, Buffer in, Buffer filter, Buffer bias, bool relu, int tiles_x, int tiles_y, Buffer out) = nullptr;
    int (*conv3x3_winograd4_deep)(Context, Buffer in, Buffer filter, Buffer bias, bool relu, int tiles_x, int tiles_y, Buffer out) = nullptr;
    int (*conv3x3_pair_winograd6)(Context, Buffer a, Buffer b, Buffer filter_a, Buffer filter_b, Buffer bias, bool relu, int tiles_x, int tiles_y, Buffer out) = nullptr;
    int (*conv3x3_pair_winograd4)(Context, Buffer a, Buffer b, Buffer filter_a, Buffer filter_b, Buffer bias, bool relu, int tiles_x, int tiles_y, Buffer out) = nullptr;
    int (*conv3x3_input_grad_winograd4)(Context, Buffer d_out, Buffer filter, Buffer in, bool relu, int tiles_x, int tiles_y, Buffer d_in) = nullptr;
    int (*conv3x3_input_grad_winograd4_deep)(Context, Buffer d_out, Buffer filter, Buffer in, bool relu, int tiles_x, int tiles_y, Buffer d_in) = nullptr;
    int (*conv3x3_pair_input_grad_winograd4)(Context, Buffer d_out, Buffer filter, int tiles_x, int tiles_y, Buffer d_in) = nullptr;
    int (*conv3x3_filter_grad_winograd4)(Context, Buffer in, Buffer d_out, int width, int height, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*conv3x3_filter_grad_winograd4_few_tiles)(Context, Buffer in, Buffer d_out, int width, int height, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*conv3x3_filter_grad_rows)(Context, Buffer in, Buffer d_out, int width, int height, Buffer d_filter_above, Buffer d_bias_above, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*winograd_filter6)(Context, Buffer filter, Buffer out) = nullptr;
    int (*winograd_filter4)(Context, Buffer filter, Buffer out) = nullptr;
    int (*winograd_turned_filter4)(Context, Buffer filter, Buffer out) = nullptr;
    int (*conv1x1)(Context, Buffer in, Buffer filter, Buffer bias, Buffer out) = nullptr;
    int (*conv1x1_softmax)(Context, Buffer in, Buffer filter, Buffer bias, int classes, bool probabilities, Buffer out) = nullptr;
    int (*conv1x1_input_grad)(Context, Buffer d_out, Buffer filter, Buffer in, bool relu, Buffer d_in) = nullptr;
    int (*conv1x1_filter_grad)(Context, Buffer in, Buffer d_out, Buffer d_filter_above, Buffer d_bias_above, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*up_conv2x2)(Context, Buffer in, Buffer filter, Buffer bias, Buffer out) = nullptr;
    int (*up_conv2x2_input_grad)(Context, Buffer d_out, Buffer filter, Buffer in, bool relu, Buffer d_in) = nullptr;
    int (*up_conv2x2_filter_grad)(Context, Buffer in, Buffer d_out, Buffer d_filter_above, Buffer d_bias_above, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*up_conv2x2_filter_grad_rows)(Context, Buffer in, Buffer d_out, Buffer d_filter_above, Buffer d_bias_above, Buffer d_filter, Buffer d_bias) = nullptr;
    int (*max_pool2x2)(Context, Buffer in, Buffer out) = nullptr;
    int (*max_pool2x2_input_grad)(Context, Buffer in, Buffer d_out, Buffer d_skip, bool relu, Buffer d_in) = nullptr;
    int (*average_pool2x2)(Context, Buffer in, Buffer out) = nullptr;
    int (*average_pool2x2_input_grad)(Context, Buffer in, Buffer d_out, Buffer d_skip, bool relu, Buffer d_in) = nullptr;
    int (*dropout)(Context, Buffer in, uint32_t seed, uint32_t threshold, float scale, Buffer out) = nullptr;
    int (*softmax_loss)(Context, Buffer in, Buffer label, Buffer weight, int classes, float scale, Buffer d_in, Buffer row_loss) = nullptr;
    int (*focal_loss)(Context, Buffer in, Buffer label, Buffer weight, int classes, float focus, float scale, Buffer d_in, Buffer row_loss) = nullptr;
    int (*dice_sums)(Context, Buffer in, Buffer label, Buffer weight, int classes, Buffer overlap, Buffer size) = nullptr;
    int (*dice_input_grad)(Context, Buffer in, Buffer label, Buffer weight, int classes, Buffer by_overlap, Buffer by_size, float scale,
                           Buffer d_in) = nullptr;
    int (*sgd)(Context, Buffer weight, Buffer momentum, Buffer gradient, float rate, float mu, Buffer new_weight, Buffer new_momentum) = nullptr;
    int (*adam)(Context, Buffer weight, Buffer mean, Buffer square, Buffer gradient, float step, float root, float a, float b,
                float epsilon, float keep, Buffer new_weight, Buffer new_mean, Buffer new_square) = nullptr;
    int (*axpby)(Context, Buffer x, Buffer y, float a, float b, Buffer out) = nullptr;
    int (*square_sums)(Context, Buffer in, Buffer sums) = nullptr;
    int (*augment_image)(Context, Buffer in, Buffer affine, Buffer grid, Buffer columns, Buffer rows, Buffer cut, Buffer step, bool cubic,
                         Buffer blur, Buffer gray, uint32_t seed, Buffer out) = nullptr;
    int (*augment_labels)(Context, Buffer in, Buffer affine, Buffer grid, Buffer columns, Buffer rows, Buffer cut, Buffer step,
                          Buffer out) = nullptr;
    int (*clear_surplus)(Context, int width, int height, Buffer out) = nullptr;

    /// Whether they run on a device with memory of its own (src/kernels/device_memory.h).
    bool on_device() const {
        return std::ranges::any_of(device_driver_names, [this](std::string_view name) { return has(name); });
    }
    /// Whether their Halide target has a feature.
    bool has(std::string_view feature) const { return halide_target.find(feature) != std::string_view::npos; }
    /// Of a value of the images that layers write.
    halide_type_t image_type() const {
        return precision == Precision::float16 ? halide_type_t(halide_type_float, 16) : halide_type_of<float>();
    }
    /// Targets of one precision whose arithmetic has one name give the same bytes: those that fuse multiplications and
    /// additions. The forms of a target for float32 and float16 have one, too.
    std::string_view arithmetic() const { return has("fma") ? "fma" : name.substr(0, name.find("_float16")); }
    bool operator==(const Kernels &) const = default;
};

/// All CPU targets in this build that the machine can run, best first. Never empty on x86-64 with SSE4.1.
std::span<const Kernels> available_kernels();

/// The names of all targets in this build, best first, also those this machine cannot run.
std::span<const std::string_view> compiled_targets();

/// The kernels the program uses: the first of available_kernels, or those chosen by `use_kernels`, `use_devices_of` or
/// `use_float16`.
const Kernels &kernels();

/// The kernels of the CPU, whatever device the others run on: those of `kernels`, or the first of available_kernels.
const Kernels &host_kernels();

/// Chooses a target by name for the whole process. Throws Error(usage) when it is unknown or the machine cannot run it.
void use_kernels(std::string_view name);

/// The same for a table of the caller's own, which must outlive its use: how unetflow-tune watches and exchanges kernels. Devices that
/// they run on and that are in use stay so.
void use_kernels(const Kernels &own);

/// The kernels that compute what these do and store images as float16; null when there are none that run here.
const Kernels *float16_form(const Kernels &kernels);

/// Exchanges the chosen kernels for their float16 form; devices stay. Throws Error(usage) when they have none.
void use_float16();

/// Those of OpenCL; null when no device is there that runs them.
const Kernels *opencl_kernels();

/// Those of CUDA that its first device is the best for: PTX of the highest compute capability that it has. Null when there
/// is no driver, or no device of capability 7.0 or higher that runs them.
const Kernels *cuda_kernels();

/// Chooses devices of a driver ("opencl", "cuda"; open_devices) for the whole process, and the kernels they are used with. Throws
/// Error(usage) when one is not there or does not run them, or when they need different ones.
void use_devices_of(std::string_view driver, const std::vector<size_t> &devices = {0});

/// Whether the driver's device `index` runs kernels of this build, in a form of that precision.
bool runs_on_device(const DeviceDriver &driver, size_t index, Precision precision = Precision::float32);

/// Installs TBB as Halide's threads, and the allocator and error handler. Idempotent; `run` does it by itself.
void install_halide_hooks();

/// Throws Error(internal) with Halide's own message when `code` is not 0.
void check_kernel(int code, const RunContext &context);

namespace detail {

/// A buffer as a kernel sees it for one call. In a DeviceMemory it is the device's, or a copy there, where parts of a block
/// must not begin so; else a kernel on a device is told to fetch its content, what it wrote there is brought back, and the
/// device's memory is freed. For a kernel on the CPU all of this is nothing.
class BufferArgument {
public:
    BufferArgument(RunContext &context, const halide_buffer_t *buffer);  ///< throws Error(internal)
    ~BufferArgument();
    BufferArgument(const BufferArgument &) = delete;

    operator halide_buffer_t *() { return &buffer_; }
    int fetch();  ///< 0 or a Halide error code

private:
    RunContext &context_;
    void take_part(const DeviceMemory &memory);

    halide_buffer_t buffer_, part_ = {}, copy_ = {};  // part_: of a DeviceMemory, copy_: of it, where need be
    halide_dimension_t part_shape_;
};

/// Any other argument goes to the kernel as it is.
template<class T>
struct ValueArgument {
    T value;
    ValueArgument(RunContext &, T value) : value(value) {}

    operator T() const { return value; }
    int fetch() { return 0; }
};

template<class T, int D>
BufferArgument argument(RunContext &context, const Halide::Runtime::Buffer<T, D> &buffer) {
    return {context, buffer.raw_buffer()};
}
template<class T>
ValueArgument<T> argument(RunContext &context, T value) {
    return {context, value};
}

}  // namespace detail

/// Calls `kernel` and turns its error code into an Error that carries Halide's own message.
template<class... Parameters, class... Arguments>
void run(int (*kernel)(const void *, Parameters...), const Arguments &...arguments) {
    install_halide_hooks();
    RunContext context;
    const auto call = [&](auto &&...argument) {
        int code = kernel(&context, argument...);
        ((code = code ? code : argument.fetch()), ...);
        return code;
    };
    check_kernel(call(detail::argument(context, arguments)...), context);
}

}  // namespace unet
