#include "src/report/png_file.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include <cstdio>
#include <cstring>
#include <memory>
#include <png.h>

namespace unet {

namespace {

png_image header_of(const Array<uint8_t> &pixels, const std::string &name) {
    if ((pixels.channels != 1 && pixels.channels != 3) || pixels.values.empty())
        throw Error(Exit::internal, name + ": a PNG is made of 1 or 3 channels and at least one pixel");
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = png_uint_32(pixels.width);
    image.height = png_uint_32(pixels.height);
    image.format = pixels.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    return image;
}

}  // namespace

void write_png(const std::filesystem::path &path, const Array<uint8_t> &pixels) {
    png_image image = header_of(pixels, path.string());
    PartFile part(path);
    std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(part.path().c_str(), "wb"), std::fclose);
    if (!file)
        throw Error(Exit::cannot_create, path.string() + ": cannot be created; check the folder and its permissions");
    const bool written = png_image_write_to_stdio(&image, file.get(), 0, pixels.values.data(), 0, nullptr);
    if (!written || std::fclose(file.release()) != 0)
        throw Error(Exit::io, path.string() + ": writing failed; is the disk full?");
    part.commit();
}

std::string png_bytes(const Array<uint8_t> &pixels) {
    png_image image = header_of(pixels, "picture");
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string bytes(size, '\0');
    if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.values.data(), 0, nullptr))
        throw Error(Exit::internal, std::string("picture: ") + image.message);
    bytes.resize(size);
    return bytes;
}

}  // namespace unet
