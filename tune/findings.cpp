#include "tune/findings.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include <fstream>
#include <nlohmann/json.hpp>

namespace unet {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Trial &trial) {
    return {
        {"knobs", knobs_text(trial.knobs)}, {"gain", trial.gain}, {"taken", trial.taken}, {"refused", trial.refused}};
}

Json to_json(const KernelFindings &kernel) {
    Json json{{"kernel", kernel.kernel},
              {"before", knobs_text(kernel.before)},
              {"after", knobs_text(kernel.after)},
              {"seconds_before", kernel.seconds_before},
              {"seconds_after", kernel.seconds_after},
              {"finished", kernel.finished},
              {"trials", Json::array()}};
    for (const Trial &trial : kernel.trials) json["trials"].push_back(to_json(trial));
    return json;
}

Trial trial_from(const Json &json) {
    return {parse_knobs(json.at("knobs").get<std::string>()), json.at("gain"), json.at("taken"), json.at("refused")};
}

KernelFindings kernel_from(const Json &json) {
    KernelFindings kernel{.kernel = json.at("kernel"),
                          .before = parse_knobs(json.at("before").get<std::string>()),
                          .after = parse_knobs(json.at("after").get<std::string>()),
                          .seconds_before = json.at("seconds_before"),
                          .seconds_after = json.at("seconds_after"),
                          .trials = {},
                          .finished = json.at("finished")};
    for (const Json &trial : json.at("trials")) kernel.trials.push_back(trial_from(trial));
    return kernel;
}

void check_same(const std::filesystem::path &path, const RunIdentity &kept, const RunIdentity &run) {
    for (const auto &[name, value] : run) {
        const auto found = kept.find(name);
        const std::string was = found == kept.end() ? "nothing" : found->second;
        if (was != value)
            refuse_data(path.string() + ": is of a run with " + name + " " + was + ", not " + value +
                        "; give the options of that run, or --restart");
    }
}

}  // namespace

const KernelFindings *Findings::find(const std::string &kernel) const {
    for (const KernelFindings &of_kernel : kernels)
        if (of_kernel.kernel == kernel) return &of_kernel;
    return nullptr;
}

Findings read_findings(const std::filesystem::path &path, const RunIdentity &run) {
    std::ifstream file(path);
    if (!file)
        throw Error(Exit::no_input, path.string() + ": cannot be opened; check its permissions, or give --restart");
    Findings findings;
    const std::string damaged = path.string() + ": is damaged; remove it, or give --restart";
    try {
        const Json json = Json::parse(file);
        findings.run = json.at("run").get<RunIdentity>();
        findings.seconds = json.at("seconds");
        for (const Json &kernel : json.at("kernels")) findings.kernels.push_back(kernel_from(kernel));
    } catch (const nlohmann::json::exception &) {
        refuse_data(damaged);
    } catch (const Error &) {
        refuse_data(damaged);
    }
    check_same(path, findings.run, run);
    return findings;
}

void write_findings(const std::filesystem::path &path, const Findings &findings) {
    Json json{{"run", findings.run}, {"seconds", findings.seconds}, {"kernels", Json::array()}};
    for (const KernelFindings &kernel : findings.kernels) json["kernels"].push_back(to_json(kernel));
    write_text(path, json.dump(1) + "\n");
}

}  // namespace unet
