#include "src/stack/deflate.h"
#include "src/base/error.h"
#include <libdeflate.h>
#include <memory>

namespace unet {

namespace {

constexpr int level = 6;  // libtiff's own

struct FreeCompressor {
    void operator()(libdeflate_compressor *compressor) const { libdeflate_free_compressor(compressor); }
    void operator()(libdeflate_decompressor *decompressor) const { libdeflate_free_decompressor(decompressor); }
};

}  // namespace

std::vector<uint8_t> deflated(const std::vector<uint8_t> &bytes) {
    // Its tables take most of a megabyte: kept from tile to tile.
    thread_local const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
        libdeflate_alloc_compressor(level));
    if (!compressor) throw Error(Exit::internal, "no memory for a compressor; use fewer --threads");
    std::vector<uint8_t> out(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()));
    out.resize(libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), out.data(), out.size()));
    out.shrink_to_fit();  // all tiles of a band wait for the last: as much as the band itself, if not
    return out;
}

std::optional<std::vector<uint8_t>> inflated(const uint8_t *bytes, size_t count, size_t size) {
    thread_local const std::unique_ptr<libdeflate_decompressor, FreeCompressor> decompressor(
        libdeflate_alloc_decompressor());
    if (!decompressor) throw Error(Exit::internal, "no memory for a decompressor; use fewer --threads");
    std::vector<uint8_t> out(size);
    if (libdeflate_zlib_decompress(decompressor.get(), bytes, count, out.data(), size, nullptr) != LIBDEFLATE_SUCCESS)
        return {};
    return out;
}

}  // namespace unet
