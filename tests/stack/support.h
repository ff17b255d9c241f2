// What the tests of stacks share.
#pragma once
#include "src/base/error.h"
#include "src/stack/stack_reader.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace unet::test {

inline const std::filesystem::path tiff_folder = "tests/data/tiff";

/// A line of tests/data/tiff/cases.txt: a file that tifffile wrote, and the formula of its pixels
/// (tools/make_tiff_cases.py).
struct TiffCase {
    std::string file, type;
    int pages, height, width, samples;
    int64_t modulus;
    double scale, offset;
    VoxelSize voxel;

    std::filesystem::path path() const { return tiff_folder / file; }
    double value(int page, int y, int x, int sample) const {
        return double((37 * (7 * page + 3 * sample + 1) + 11 * y + 5 * x + x * y) % modulus) * scale + offset;
    }
};

inline std::vector<TiffCase> tiff_cases() {
    std::ifstream table(tiff_folder / "cases.txt");
    std::vector<TiffCase> cases;
    for (std::string line; std::getline(table, line);) {
        std::istringstream columns(line);
        TiffCase entry;
        columns >> entry.file >> entry.pages >> entry.height >> entry.width >> entry.samples >> entry.type >>
            entry.modulus >> entry.scale >> entry.offset >> entry.voxel.x >> entry.voxel.y >> entry.voxel.z >>
            entry.voxel.unit;
        if (entry.voxel.unit == "-") entry.voxel.unit.clear();
        if (!columns) throw std::runtime_error("tests/data/tiff/cases.txt: bad line: " + line);
        cases.push_back(entry);
    }
    if (cases.size() < 70)
        throw std::runtime_error("tests/data/tiff/cases.txt has too few cases; run the tests from the root");
    return cases;
}

inline TiffCase tiff_case(const std::string &file) {
    for (const TiffCase &entry : tiff_cases())
        if (entry.file == file) return entry;
    throw std::runtime_error("no such case: " + file);
}

inline std::vector<uint8_t> bytes_of(const std::filesystem::path &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_bytes(const std::filesystem::path &path, const std::vector<uint8_t> &bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(bytes.data()), std::streamsize(bytes.size()));
}

inline Rect whole(const StackShape &shape) { return {0, 0, shape.width, shape.height}; }

/// Calls `call` and returns the Error it throws; checks that it is one line with a remedy.
template<class Call>
Error error_of(Call call) {
    try {
        call();
    } catch (const Error &error) {
        const std::string line = error.what();
        CAPTURE(line);
        CHECK(line.find('\n') == std::string::npos);
        CHECK(line.find("; ") != std::string::npos);
        return error;
    }
    return {Exit::done, "nothing was thrown"};
}

}  // namespace unet::test
