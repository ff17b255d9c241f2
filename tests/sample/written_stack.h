// Small stacks on disk for tests.
#pragma once
#include "src/sample/lazy_stack.h"
#include "src/stack/stack_writer.h"
#include "tests/temporary_folder.h"

namespace unet::test {

/// Writes `pages` to `file` and opens it.
template<class T>
StackPtr written(const std::filesystem::path &file, const std::vector<Array<T>> &pages) {
    write_stack(file, pages);
    return std::make_shared<const LazyStack>(std::vector<std::filesystem::path>{file});
}

/// One page whose pixel (x, y) is value(x, y).
template<class T, class Value>
Array<T> page_of(int width, int height, Value value) {
    Array<T> page(1, width, height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) page(x, y) = T(value(x, y));
    return page;
}

}  // namespace unet::test
