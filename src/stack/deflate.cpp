#include "src/stack/deflate.h"
#include "src/base/error.h"
#include <libdeflate.h>
#include <memory>

namespace unet {

namespace {

constexpr int level = 6;  // libtiff's own

struct FreeCompressor {
    void operator()(libdeflate_compressor *compressor) const { libdeflate_free_compressor(compressor); }
};

}  // namespace

std::vector<uint8_t> deflated(const std::vector<uint8_t> &bytes) {
    // Its tables take most of a megabyte: kept from tile to tile.
    thread_local const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
        libdeflate_alloc_compressor(level));
    if (!compressor) throw Error(Exit::internal, "no memory for a compressor; use fewer --threads");
    std::vector<uint8_t> out(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()));
    out.resize(libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), out.data(), out.size()));
    return out;
}

}  // namespace unet
