#include "tune/tune.h"
#include "generated/version.h"
#include "pipeline/machine.h"
#include "pipeline/stop.h"
#include "pipeline/threads.h"
#include "pipeline/utc_time.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include "src/kernels/fma_peak.h"
#include "src/kernels/memory_peak.h"
#include "tune/jobs.h"
#include "tune/machine_name.h"
#include "tune/network_pair.h"
#include "tune/pinned_threads.h"
#include "tune/tune_report.h"
#include "tune/tuned_device.h"
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <optional>

namespace unet {

namespace {

namespace fs = std::filesystem;

class Tuner {
public:
    explicit Tuner(const TuneOptions &options);
    void run();

private:
    void take_up();
    void measure();
    void search();
    void search(const Job &job, KernelFindings &found);
    void compare();
    void write();
    RunIdentity identity() const;
    TuneReport report() const;
    std::string measured() const;

    KernelFindings &findings_of(const Job &job);
    const Job &job_of(const KernelFindings &found) const;
    double seconds() const;
    bool may_go_on();
    void keep();
    void say(const std::string &line) const {
        if (!options_.quiet) fmt::print(stderr, "{}\n", line);
    }

    const TuneOptions &options_;
    const Kernels &base_ = kernels();
    const std::string target_{base_.name}, halide_target_{base_.halide_target};
    fs::path profile_, report_, kept_;
    int input_ = 0;
    std::vector<Job> jobs_;
    Findings findings_;
    double earlier_ = 0;  // seconds of earlier runs
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    NetworkTimes network_;
};

fs::path default_profile(const std::string &target) {
    const fs::path folder = "schedules/profiles";
    const std::string name = file_name_of(tuned_machine()) + "-" + target + ".txt";
    std::error_code absent;
    return fs::is_directory(folder, absent) ? folder / name : fs::path(name);
}

/// Another one when a schedule was changed.
std::string program_hash() {
    std::ifstream file("/proc/self/exe", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    Hash hash;
    hash.add(bytes.data(), bytes.size());
    return hash.text();
}

Tuner::Tuner(const TuneOptions &options) : options_(options) {
    profile_ = options.output.empty() ? default_profile(target_) : fs::path(options.output);
    report_ = options.report.empty() ? fs::path(profile_).replace_extension(".report.html") : fs::path(options.report);
    kept_ = profile_;
    kept_ += ".findings.json";
    for (const fs::path &file : {profile_, report_})
        if (!options.overwrite && fs::exists(file))
            throw Error(Exit::cannot_create,
                        file.string() + ": exists already; choose another name or add --overwrite");
    input_ = geometry(options.architecture).largest_input(options.tile);
    if (input_ != options.tile)
        say(fmt::format("tile {} becomes {}, a size that fits the network", options.tile, input_));
}

RunIdentity Tuner::identity() const {
    const Architecture &net = options_.architecture;
    return {{"machine", tuned_machine()},
            {"target", target_},
            {"threads", std::to_string(arena_threads())},
            {"width", std::to_string(net.width)},
            {"depth", std::to_string(net.depth)},
            {"channels", std::to_string(net.channels)},
            {"classes", std::to_string(net.classes)},
            {"tile", std::to_string(input_)},
            {"training", options_.training ? "yes" : "no"},
            {"kernels", options_.kernels.empty() ? "all" : fmt::format("{}", fmt::join(options_.kernels, " "))},
            {"program", program_hash()}};
}

/// What an earlier run has left.
void Tuner::take_up() {
    if (options_.restart) fs::remove(kept_);
    if (!fs::exists(kept_)) {
        findings_.run = identity();
        return;
    }
    findings_ = read_findings(kept_, identity());
    earlier_ = findings_.seconds;
    size_t trials = 0;
    for (const KernelFindings &kernel : findings_.kernels) trials += kernel.trials.size();
    say(fmt::format("goes on after {} trials in {:.1f} minutes", trials, earlier_ / 60));
}

double Tuner::seconds() const {
    return earlier_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

bool Tuner::may_go_on() {
    throw_if_stopped();
    return seconds() < 60 * options_.minutes;
}

void Tuner::keep() {
    findings_.seconds = seconds();
    write_findings(kept_, findings_);
}

KernelFindings &Tuner::findings_of(const Job &job) {
    for (KernelFindings &found : findings_.kernels)
        if (found.kernel == job.kernel->name) return found;
    const KnobValues generic = generic_knobs_of(job.kernel->name, target_);
    KernelFindings &found = findings_.kernels.emplace_back();
    found.kernel = job.kernel->name;
    found.before = found.after = generic;
    return found;
}

const Job &Tuner::job_of(const KernelFindings &found) const {
    return *std::find_if(jobs_.begin(), jobs_.end(), [&](const Job &job) { return job.kernel->name == found.kernel; });
}

/// The time of each kernel as it is; those that take longest come first, in case the time does not suffice for all.
void Tuner::measure() {
    for (const Job &job : jobs_) {
        KernelFindings &found = findings_of(job);
        if (found.seconds_before > 0) continue;
        throw_if_stopped();
        KernelSearch(*job.kernel, halide_target_, job.calls, found).measure();
        say(fmt::format("{:<38} {:9.3f} ms with {}", found.kernel, 1e3 * found.seconds_before,
                        knobs_text(found.before)));
        keep();
    }
    std::stable_sort(findings_.kernels.begin(), findings_.kernels.end(),
                     [](const auto &a, const auto &b) { return a.seconds_before > b.seconds_before; });
}

// One that was changed before a run was stopped is measured to the end in any case.
void Tuner::search() {
    for (KernelFindings &found : findings_.kernels)
        if (!found.finished && (may_go_on() || found.changed())) search(job_of(found), found);
}

void Tuner::search(const Job &job, KernelFindings &found) {
    KernelSearch search(*job.kernel, halide_target_, job.calls, found);
    const auto tell = [&](const Trial &trial) {
        const std::string result = !trial.refused.empty() ? "refused: " + trial.refused
                                   : trial.taken          ? percent_text(trial.gain) + " faster, taken"
                                                          : percent_text(trial.gain);
        say(fmt::format("{:5.1f} of {:g} min  {:<38} {}: {}; best {}", seconds() / 60, options_.minutes, found.kernel,
                        knobs_text(trial.knobs), result, knobs_text(found.after)));
        keep();
    };
    search.search(
        job.choices, [&] { return may_go_on(); }, tell);
    search.settle();
    say(fmt::format("{:5.1f} of {:g} min  {:<38} best {}: {:.3f} to {:.3f} ms, {}", seconds() / 60, options_.minutes,
                    found.kernel, knobs_text(found.after), 1e3 * found.seconds_before, 1e3 * found.seconds_after,
                    percent_text(found.gain())));
    keep();
}

/// "AMD EPYC 9V74, 2 threads", or the device.
std::string where_measured() {
    if (kernels().on_device()) return tuned_machine();
    std::string processor;
    for (const Fact &fact : machine_facts())
        if (fact.name == "processor") processor = fact.value + ", ";
    return fmt::format("{}{} threads", processor, arena_threads());
}

std::string Tuner::measured() const {
    const Architecture &net = options_.architecture;
    return fmt::format("{}, {}, {} kernels, unetflow {}, U-Net of width {}, depth {}, tile {}, {}, {:.1f} of {:g} "
                       "minutes",
                       utc_time("%Y-%m-%d"), where_measured(), target_, version, net.width, net.depth, input_,
                       options_.training ? "inference and training step" : "inference", findings_.seconds / 60,
                       options_.minutes);
}

TuneReport Tuner::report() const {
    TuneReport report{.head = {tuned_machine(), measured(), target_, network_, tuned_device()},
                      .peaks = {},
                      .findings = findings_,
                      .work = {},
                      .minutes = options_.minutes,
                      .machine = machine_facts()};
    if (base_.on_device()) report.machine.push_back({"device", tuned_machine()});
    else report.peaks = {fma_peak_gflops(arena_threads()), memory_peak_gbs(arena_threads())};
    for (const Job &job : jobs_) report.work[job.kernel->name] = work_of(job);
    return report;
}

void Tuner::write() {
    const TuneReport report = this->report();
    write_text(report_, report_html(report));
    write_text(profile_, profile_text(report.head, report.findings));
    fs::remove(kept_);
    write_text("-", report_text(report));
    say(fmt::format("{} and {} are written", profile_.string(), report_.string()));
}

/// Not on a device: kernels that were compiled here cannot work in the memory that a network has there.
void Tuner::compare() {
    if (base_.on_device()) return;
    say("the whole network, with the kernels as they were and as they are");
    network_ = compare_networks(base_, findings_, options_.architecture, input_, options_.training);
}

void Tuner::run() {
    take_up();
    jobs_ = find_jobs(base_, options_.architecture, input_, options_.training, options_.kernels);
    measure();
    search();
    compare();
    write();
}

}  // namespace

void run_tune(const TuneOptions &options) {
    go_on_where_schedules_are(options.device);
    answer_signals();
    use_tuned_device(options.device);
    std::optional<PinnedThreads> pinned;
    // Threads of a driver would inherit the one processor of the thread that starts them.
    if (!kernels().on_device()) pinned.emplace();
    Tuner(options).run();
}

}  // namespace unet
