#include "pipeline/failure.h"
#include <iostream>
#include <new>

namespace unet {

Failure failure_of(const std::exception_ptr &error) {
    try {
        std::rethrow_exception(error);
    } catch (const Error &known) {
        return {known.code, known.what()};
    } catch (const std::bad_alloc &) {
        return {Exit::internal, "out of memory; use a smaller --tile, fewer --threads or fewer --tiles-in-flight"};
    } catch (const std::exception &other) {
        return {Exit::internal, std::string("internal error: ") + other.what()};
    } catch (...) {
        return {Exit::internal, "internal error of an unknown kind"};
    }
}

void tell(const Failure &failure, const std::string &program) {
    std::cerr << program + ": " + failure.line + "\n" << std::flush;
}

}  // namespace unet
