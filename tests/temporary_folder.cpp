#include "tests/temporary_folder.h"
#include <cstdlib>

namespace unet::test {

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "unetflow-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", name, std::error_code());
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored_error;
    std::filesystem::remove_all(path_, ignored_error);
}

}  // namespace unet::test
