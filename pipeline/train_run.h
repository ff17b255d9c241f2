// One run of `train`. train.cpp begins and ends it, train_steps.cpp makes its steps.
#pragma once
#include "pipeline/best_weights.h"
#include "pipeline/checkpoint.h"
#include "pipeline/progress.h"
#include "pipeline/provenance.h"
#include "pipeline/ranks.h"
#include "pipeline/train.h"
#include "pipeline/train_data.h"
#include "pipeline/train_log.h"
#include "pipeline/train_plan.h"
#include "pipeline/train_report.h"
#include "pipeline/trainer.h"
#include "src/net/model.h"
#include <chrono>

namespace unet {

constexpr int samples_in_flight = 4;  // drawn ahead of the step that uses them

inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Adds the time that it lives.
class Lap {
public:
    explicit Lap(double &seconds) : seconds_(seconds) {}
    Lap(const Lap &) = delete;
    ~Lap() { seconds_ += seconds_since(start_); }

private:
    double &seconds_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// One run: the data, the network, and what has come out so far.
class TrainRun {
public:
    TrainRun(const TrainOptions &options, Ranks &ranks, std::chrono::steady_clock::time_point started);
    void run();
    void preview();
    void report_again();

private:
    using Clock = std::chrono::steady_clock;

    void announce() const;
    void check_same_run_everywhere();
    void learn();
    TrainPlan plan_run();
    TrainCost measure(double seconds);
    void stream(int64_t first_step, int64_t last_step, const std::function<void(uint64_t, const Sample &)> &use);
    void use(uint64_t index, const Sample &sample);
    void after_step();
    TrainMetrics metrics() const;
    void validate_now(const PreparedWeights &weights, TrainMetrics &metrics);
    void draw_validation(const PreparedWeights &weights);
    void write_report();
    ModelNotes notes() const;
    void start(std::optional<Checkpoints::Found> &found, bool goes_on);
    std::optional<Checkpoints::Found> find_checkpoint() const;
    Provenance how(const TrainPlan &plan) const;
    Metadata run_metadata(const TrainPlan &plan) const;
    void save_checkpoint();
    void say(const std::string &line) const;
    void save() const;
    std::string summary() const;

    const TrainOptions &options_;
    Ranks &ranks_;
    const bool writes_;  // files; other ranks do not
    Clock::time_point started_;
    std::string inputs_;  // what they are, for runs to come
    std::optional<Model> from_;
    std::string from_hash_;
    TrainData data_;
    Architecture architecture_;
    int input_;  // after rounding
    Trainer trainer_;
    SampleSource source_;
    Checkpoints checkpoints_;
    std::optional<TrainLog> log_;
    std::optional<Progress> progress_;

    TrainProgress state_;
    TrainTimes times_;
    int64_t resumed_after_ = 0;
    int report_slices_ = most_report_slices;
    BestWeights best_;
    Clock::time_point timed_from_, checkpoint_at_;
    int64_t timed_step_ = 0;  // done at timed_from_
};

}  // namespace unet
