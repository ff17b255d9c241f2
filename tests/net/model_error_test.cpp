// Model files as they should not be: each is refused in one line that names the file, and with its exit code.
#include "src/base/error.h"
#include "src/net/model.h"
#include "src/net/model_metadata.h"
#include "src/net/safetensors.h"
#include "tests/net/test_models.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <csignal>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <sys/resource.h>

using namespace unet;
using nlohmann::ordered_json;

namespace {

const Architecture small{1, 2, 2, 1, Pooling::max};

/// What `action` throws; nothing when it does not.
std::optional<Error> error_of(const std::function<void()> &action) {
    try {
        action();
    } catch (const Error &error) {
        return error;
    }
    return std::nullopt;
}

/// Loads `bytes` as a file and checks that they are refused as bad data, in one line with the file's name and `fact`.
void check_refused(const std::string &bytes, const std::string &fact) {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder / "model.safetensors";
    test::write_bytes(path, bytes);
    const auto error = error_of([&] { load_model(path); });
    REQUIRE(error);
    const std::string line = error->what();
    CAPTURE(line);
    CHECK(error->code == Exit::data);
    CHECK(line.starts_with(path.string() + ": "));
    CHECK(line.find(fact) != std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.size() < 500);
}

/// The bytes of a small sound model.
std::string sound_bytes() {
    const test::TemporaryFolder folder;
    save_model(folder / "model", test::random_model(small, 1));
    return test::bytes_of_file(folder / "model");
}

/// A sound model whose header `edit` has changed; the data stays.
std::string with_header(const std::function<void(ordered_json &)> &edit) {
    const std::string bytes = sound_bytes();
    uint64_t length = 0;
    std::copy_n(bytes.data(), sizeof length, reinterpret_cast<char *>(&length));
    ordered_json header = ordered_json::parse(bytes.substr(sizeof length, length));
    edit(header);
    return test::with_length(header.dump()) + bytes.substr(sizeof length + length);
}

/// A sound model whose metadata says something else under `key`.
std::string with_metadata(const std::string &key, const std::string &value) {
    return with_header([&](ordered_json &header) { header["__metadata__"][key] = value; });
}

/// A model whose list of tensors `edit` has changed; the weights are 0.
std::string with_tensors(const std::function<void(std::vector<TensorShape> &)> &edit) {
    const test::TemporaryFolder folder;
    std::vector<TensorShape> tensors = ParameterLayout(small).tensors();
    edit(tensors);
    const auto zeros = [&](const std::string &name, int, int count) {
        const auto named = [&](const TensorShape &tensor) { return tensor.name == name; };
        const auto tensor = std::find_if(tensors.begin(), tensors.end(), named);
        return std::vector<float>(tensor->count() / size_t(tensor->shape.front()) * size_t(count));
    };
    write_safetensors(folder / "model", to_metadata(small, test::random_model(small, 1)), tensors, zeros);
    return test::bytes_of_file(folder / "model");
}

std::string with_weight(float weight) {
    const test::TemporaryFolder folder;
    Model model = test::random_model(small, 1);
    model.parameters.set("decoder.0.up.bias", {0.f, weight});
    save_model(folder / "model", model);
    return test::bytes_of_file(folder / "model");
}

}  // namespace

TEST_CASE("a model cut off anywhere is refused", "[error][model]") {
    const std::string bytes = sound_bytes();
    const size_t header_end = 8 + uint8_t(bytes[0]) + 256 * uint8_t(bytes[1]);
    check_refused("", "holds 0 bytes");
    for (size_t length = 1; length < 8; length++) check_refused(bytes.substr(0, length), "too few for a header");
    for (size_t length = 8; length < header_end; length += 97)
        check_refused(bytes.substr(0, length), "does not fit into its " + std::to_string(length) + " bytes");
    for (size_t length = header_end; length < bytes.size(); length += 301)
        check_refused(bytes.substr(0, length), "cut off, copy it again");
    check_refused(bytes.substr(0, bytes.size() - 1), "cut off, copy it again");
    check_refused(bytes + "x", "damaged, copy it again");
}

TEST_CASE("a header length that is not one is refused before anything of that length is made", "[error][model]") {
    const std::string bytes = sound_bytes();
    check_refused(std::string(8, '\xff') + bytes.substr(8), "18446744073709551615 bytes does not fit");
    check_refused(std::string("\0\0\0\0\0\0\0\x10", 8) + bytes.substr(8), "does not fit");
    check_refused("II*\0" + bytes, "no safetensors file");
    check_refused(test::with_length(std::string(2 << 20, ' ')), "is beyond the 1048576 that are read");
}

TEST_CASE("a header that is no header is refused", "[error][model]") {
    const auto [header, fact] = GENERATE(table<std::string, std::string>({
        {"", "no valid JSON"},
        {"{\"a\":", "no valid JSON"},
        {"{\"a\":1}}", "no valid JSON"},
        {"{\"\xff\":{}}", "no valid JSON"},
        {std::string(100000, '['), "no valid JSON"},
        {std::string(50000, '[') + std::string(50000, ']'), "no JSON object"},
        {"[1]", "no JSON object"},
        {"{\"a\":1}", "tensor \"a\" has no dtype"},
        {"{\"a\":{\"dtype\":3}}", "tensor \"a\" has no dtype"},
        {"{\"a\":{\"dtype\":\"F32\"}}", "tensor \"a\" has no valid shape"},
        {"{\"__metadata__\":{\"format\":1}}", "its metadata is no list of strings"},
        {"{\"__metadata__\":[]}", "its metadata is no list of strings"},
        {"{}", "its metadata has no entry format"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},"
         "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
         "two tensors are named \"a\""},
    }));
    check_refused(test::with_length(header), fact);
}

TEST_CASE("a tensor's entry is checked before its data is read", "[error][model]") {
    using Edit = std::function<void(ordered_json &)>;
    const auto set = [](const char *key, ordered_json value) -> Edit {
        return [=](ordered_json &header) { header["bottom.conv1.weight"][key] = value; };  // [4, 2, 3, 3], 288 bytes
    };
    check_refused(with_header(set("dtype", "F16")), "is of type \"F16\", only F32 is read");
    check_refused(with_header(set("shape", {4, 2, 3, 4})),
                  "of shape [4, 2, 3, 4] takes 384 bytes, its data_offsets span 288");
    check_refused(with_header(set("shape", {-4, 2, 3, 3})), "has no valid shape");
    check_refused(with_header(set("shape", {4.5, 2, 3, 3})), "has no valid shape");
    check_refused(with_header(set("shape", {1e30, 2, 3, 3})), "has no valid shape");
    check_refused(with_header(set("shape", "4")), "has no valid shape");
    check_refused(with_header(set("shape", {2147483647, 2147483647, 4})), "fits into no file");
    check_refused(with_header(set("data_offsets", {0, 288, 0})), "has no valid data_offsets");
    check_refused(with_header(set("data_offsets", {288, 0})), "has no valid data_offsets");
    check_refused(with_header(set("data_offsets", {0, 18446744073709551615u})),
                  "its data_offsets span 18446744073709551615");
    check_refused(with_header(set("data_offsets", {0, 288})), "overlaps the tensor before it");
    check_refused(with_header(set("data_offsets", {100000, 100288})), "leaves a gap behind the tensor before it");
}

TEST_CASE("tensors that do not fit the architecture are refused by name", "[error][model]") {
    const auto add = [](const std::string &name) {
        return [name](std::vector<TensorShape> &tensors) { tensors.push_back({name, {1}}); };
    };
    check_refused(with_tensors([](auto &tensors) { std::swap(tensors[2].shape[0], tensors[2].shape[2]); }),
                  "tensor encoder.0.conv2.weight has shape [3, 2, 2, 3], its architecture needs [2, 2, 3, 3]");
    check_refused(with_tensors([](auto &tensors) { tensors.pop_back(); }), "tensor head.bias is missing");
    check_refused(with_tensors([](auto &tensors) { tensors[0].name = "conv1.weight"; }),
                  "encoder.0.conv1.weight is missing");
    check_refused(with_tensors(add("two\nlines\x1b")), "tensor \"two\\nlines\\u001b\" has no place");
    check_refused(with_tensors(add(std::string(1000, 'n'))), "nnn...\" has no place");
}

TEST_CASE("metadata out of range is refused by key", "[error][model]") {
    const auto [key, value, fact] = GENERATE(table<std::string, std::string, std::string>({
        {"format", "unetflow.2", "format is \"unetflow.2\", not unetflow.1"},
        {"format", "pt", "not unetflow.1"},
        {"width", "0", "width is \"0\", not a number from 1 to 1024"},
        {"width", "1025", "not a number from 1 to 1024"},
        {"width", "99999999999999999999", "not a number from 1 to 1024"},
        {"width", "2 ", "not a number from 1 to 1024"},
        {"width", "", "not a number from 1 to 1024"},
        {"depth", "9", "depth is \"9\", not a number from"},
        {"depth", "-1", "depth is \"-1\", not a number from"},
        {"channels", "0", "not a number from 1 to 64"},
        {"channels", "65", "not a number from 1 to 64"},
        {"classes", "1", "not a number from 2 to 255"},
        {"classes", "256", "not a number from 2 to 255"},
        {"pooling", "median", "pooling is \"median\", not max or average"},
        {"normalisation.low", "[0, 1]", "not a list of finite numbers, one for each of 1 channels"},
        {"normalisation.low", "0", "normalisation.low"},
        {"normalisation.low", "[NaN]", "normalisation.low"},
        {"normalisation.low", "[1e300]", "normalisation.low"},
        {"normalisation.low", "[7]", "not above normalisation.low"},
        {"class_names", "[\"one\"]", "not a list of 2 names"},
        {"class_names", "[1, 2]", "not a list of 2 names"},
        {"class_names", "one, two", "not a list of 2 names"},
    }));
    check_refused(with_metadata(key, value), fact);
    check_refused(with_header([&key = key](ordered_json &header) { header["__metadata__"].erase(key); }),
                  "its metadata has no entry " + key);
}

TEST_CASE("an unknown way to normalise is refused", "[error][model]") {
    check_refused(with_metadata("normalisation.by", "stack"), "normalisation.by is \"stack\", not page");
}

TEST_CASE("an architecture far larger than the file costs no memory", "[error][model]") {
    // Its weights would take 14 terabytes: were they allocated before the check, the test would end in bad_alloc.
    check_refused(with_header([](ordered_json &header) {
                      header["__metadata__"]["width"] = "1024";
                      header["__metadata__"]["depth"] = "8";
                  }),
                  "tensor encoder.0.conv1.weight has shape [2, 1, 3, 3], its architecture needs [1024, 1, 3, 3]");
}

TEST_CASE("weights that are no numbers are refused", "[error][model]") {
    const float weight = GENERATE(std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity());
    check_refused(with_weight(weight), "tensor decoder.0.up.bias holds NaN or infinite weights");
}

TEST_CASE("any damaged byte of a header ends in an error or a sound model", "[error][model]") {
    const test::TemporaryFolder folder;
    const std::string bytes = sound_bytes();
    const size_t header_end = 8 + uint8_t(bytes[0]) + 256 * uint8_t(bytes[1]);
    Random random(1, 0);
    int refused = 0;
    for (int trial = 0; trial < 500; trial++) {
        std::string damaged = bytes;
        for (int flips = 0; flips < 3; flips++) damaged[random.below(header_end)] = char(random.below(256));
        test::write_bytes(folder / "model", damaged);
        const auto error = error_of([&] { load_model(folder / "model"); });
        if (error) CHECK(error->code == Exit::data);
        refused += error.has_value();
    }
    CHECK(refused > 250);
}

TEST_CASE("a model that cannot be opened is no input", "[error][model]") {
    const test::TemporaryFolder folder;
    std::filesystem::create_directory(folder / "folder");
    for (const auto *name : {"missing", "folder"}) {
        const auto error = error_of([&] { load_model(folder / name); });
        REQUIRE(error);
        CHECK(error->code == Exit::no_input);
        CHECK(std::string(error->what()).starts_with((folder / name).string() + ": "));
    }
}

TEST_CASE("a model that cannot be created or written leaves nothing behind", "[error][model]") {
    const test::TemporaryFolder folder;
    Model model = test::random_model(small, 1);

    SECTION("no such folder") {
        const auto error = error_of([&] { save_model(folder / "missing" / "model", model); });
        REQUIRE(error);
        CHECK(error->code == Exit::cannot_create);
    }
    SECTION("full disk") {
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit one_block{1000, before.rlim_max};  // stands for a full disk: writing more fails
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &one_block);
        const auto error = error_of([&] { save_model(folder / "model", model); });
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        REQUIRE(error);
        CHECK(error->code == Exit::io);
    }
    SECTION("more provenance than would be read again") {
        model.provenance["note"] = std::string(2 << 20, 'x');
        const auto error = error_of([&] { save_model(folder / "model", model); });
        REQUIRE(error);
        CHECK(error->code == Exit::usage);
    }
    CHECK_FALSE(std::filesystem::exists(folder / "model"));
    CHECK_FALSE(std::filesystem::exists(folder / "model.part"));
}
