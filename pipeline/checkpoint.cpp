#include "pipeline/checkpoint.h"
#include "src/base/error.h"
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

const std::string progress_prefix = "progress.", ending = ".safetensors";

// Hexadecimal, so that every bit comes back.
Metadata to_metadata(const TrainProgress &progress) {
    const std::pair<const char *, double> entries[] = {
        {"step", double(progress.step)},
        {"steps", double(progress.plan.steps)},
        {"validation-interval", double(progress.plan.validation_interval)},
        {"loss-sum", progress.loss_sum},
        {"logged-step", double(progress.logged_step)},
        {"best-step", double(progress.best_step)},
        {"best-quality", progress.best_quality},
        {"one-class", double(progress.one_class)},
        {"unseen", progress.unseen ? 1.0 : 0.0}};
    Metadata metadata;
    for (const auto &[key, value] : entries) metadata[progress_prefix + key] = fmt::format("{:a}", value);
    return metadata;
}

TrainProgress progress_from(const Metadata &metadata) {
    const auto value = [&](const char *key) {
        const auto entry = metadata.find(progress_prefix + key);
        if (entry == metadata.end()) refuse_data("has no " + progress_prefix + key);
        return std::strtod(entry->second.c_str(), nullptr);
    };
    const auto whole = [&](const char *key) { return int64_t(value(key)); };
    return {.step = whole("step"),
            .plan = {whole("steps"), whole("validation-interval")},
            .loss_sum = value("loss-sum"),
            .logged_step = whole("logged-step"),
            .best_step = whole("best-step"),
            .best_quality = value("best-quality"),
            .one_class = int(value("one-class")),
            .unseen = value("unseen") != 0};
}

// "provenance.learning-rate" is the option learning-rate.
std::string option_name(const std::string &key) {
    const size_t dot = key.find('.');
    return key.starts_with("provenance.") ? key.substr(dot + 1) : key;
}

// The step in a file's name; -1 for other files.
int64_t step_of(const std::string &name, const std::string &prefix) {
    if (!name.starts_with(prefix) || !name.ends_with(ending) || name.size() < prefix.size() + ending.size()) return -1;
    const char *begin = name.data() + prefix.size(), *end = name.data() + name.size() - ending.size();
    int64_t step = -1;
    const auto [stopped, failure] = std::from_chars(begin, end, step);
    return failure == std::errc() && stopped == end ? step : -1;
}

}  // namespace

Checkpoints::Checkpoints(const fs::path &stem, int kept)
    : folder_(stem.has_parent_path() ? stem.parent_path() : "."), prefix_(stem.filename().string() + ".checkpoint-"),
      kept_(size_t(std::max(1, kept))) {}

std::vector<fs::path> Checkpoints::files() const {
    std::vector<std::pair<int64_t, fs::path>> found;
    std::error_code failure;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder_, failure))
        if (const int64_t step = step_of(entry.path().filename().string(), prefix_); step >= 0)
            found.push_back({step, entry.path()});
    std::sort(found.rbegin(), found.rend());
    std::vector<fs::path> files;
    for (auto &[step, path] : found) files.push_back(std::move(path));
    return files;
}

std::optional<Checkpoints::Found> Checkpoints::newest() const {
    for (const fs::path &path : files()) try {
            SafetensorsReader file(path);
            const TrainProgress progress = progress_from(file.metadata());
            return Found{path, progress, std::move(file)};
        } catch (const Error &error) {
            fmt::print(stderr, "{}; an older checkpoint is looked for\n", error.what());
        }
    return {};
}

void Checkpoints::Found::check_same_run(const Metadata &run) const {
    for (const auto &[key, expected] : run) {
        const auto entry = file.metadata().find(key);
        const std::string found = entry == file.metadata().end() ? "nothing" : entry->second;
        if (found != expected)
            throw Error(Exit::data, fmt::format("{}: was made with {} {}, not {}; give the same options and data to go "
                                                "on, or --restart to begin anew",
                                                path.string(), option_name(key), quoted(found), quoted(expected)));
    }
}

void Checkpoints::Found::load(const ParameterSets &sets) {
    try {
        load_parameter_sets(file, sets);
    } catch (const Error &error) {
        if (error.code != Exit::data) throw;
        throw Error(Exit::data, fmt::format("{}: {}; remove it to go on from an older one, or add --restart",
                                            path.string(), error.what()));
    }
}

void Checkpoints::save(const TrainProgress &progress, const Metadata &run, const ParameterSets &sets) {
    Metadata metadata = to_metadata(progress);
    metadata.insert(run.begin(), run.end());
    save_parameter_sets(folder_ / fmt::format("{}{:08}{}", prefix_, progress.step, ending), metadata, sets);
    const std::vector<fs::path> all = files();
    std::error_code failure;
    for (size_t i = kept_; i < all.size(); i++) fs::remove(all[i], failure);
}

void Checkpoints::remove_all() const {
    remove_parts();
    remove_if([](const fs::path &) { return true; });
}

void Checkpoints::remove_if(const std::function<bool(const fs::path &)> &is_unwanted) const {
    std::error_code failure;
    for (const fs::path &path : files())
        if (is_unwanted(path)) fs::remove(path, failure);
}

void Checkpoints::remove_parts() const {
    std::error_code failure;
    std::vector<fs::path> parts;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder_, failure)) {
        const fs::path &path = entry.path();
        if (path.extension() == ".part" && step_of(path.stem().string(), prefix_) >= 0) parts.push_back(path);
    }
    for (const fs::path &part : parts) fs::remove(part, failure);
}

}  // namespace unet
