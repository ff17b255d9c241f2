#include "pipeline/ranks.h"
#include "tests/pipeline/local_ranks.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>

using namespace unet;

namespace {

/// What one rank does.
using Work = std::function<void(Ranks &)>;

struct Ending {
    int code = 0;        ///< that rank 0 leaves with
    std::string spoken;  ///< on stderr, by all ranks
};

Ending end_of(int size, const Work &work) {
    std::ostringstream spoken;
    std::streambuf *const usual = std::cerr.rdbuf(spoken.rdbuf());
    Ending ending;
    test::on_ranks(size, [&](std::unique_ptr<Collective> collective) {
        Ranks ranks(std::move(collective));
        try {
            ranks.together([&] { work(ranks); });
        } catch (const AlreadyTold &told) {
            ending.code = int(told.code);
        }
    });
    std::cerr.rdbuf(usual);
    ending.spoken = spoken.str();
    return ending;
}

/// Rounds of three ranks, in which rank `faulty` fails at the beginning of round 2.
void rounds(Ranks &ranks, int faulty, Exit code) {
    for (int round = 0; round < 4; round++) {
        if (round == 2 && ranks.rank() == faulty) throw Error(code, "rank " + std::to_string(faulty) + " broke");
        ranks.stop_together();
        ranks.meet(round);
    }
}

}  // namespace

TEST_CASE("a rank that fails ends all of them with its code and one line", "[error][ranks]") {
    const int faulty = GENERATE(0, 1, 2);
    const Exit code = GENERATE(Exit::data, Exit::io, Exit::interrupted);
    CAPTURE(faulty, int(code));
    const Ending ending = end_of(3, [&](Ranks &ranks) { rounds(ranks, faulty, code); });
    CHECK(ending.code == int(code));
    CHECK(std::count(ending.spoken.begin(), ending.spoken.end(), '\n') == 1);
    if (code != Exit::interrupted) CHECK(ending.spoken == "unetflow: rank " + std::to_string(faulty) + " broke\n");
}

TEST_CASE("the same error on all ranks is told once, and an error counts for more than a signal", "[error][ranks]") {
    const Ending same = end_of(3, [&](Ranks &) { throw Error(Exit::no_input, "no such file"); });
    CHECK(same.code == 66);
    CHECK(same.spoken == "unetflow: no such file\n");
    const Ending mixed = end_of(3, [&](Ranks &ranks) {
        if (ranks.rank() == 2) throw Error(Exit::data, "bad");
        throw Error(Exit::interrupted, "stopped");
    });
    CHECK(mixed.code == 65);
    CHECK(mixed.spoken == "unetflow: bad\n");
}

TEST_CASE("what rank 0 does after a stop may fail, and is told", "[error][ranks]") {
    const Ending ending = end_of(3, [&](Ranks &ranks) {
        try {
            rounds(ranks, 1, Exit::interrupted);
        } catch (const Error &) {
            if (ranks.first()) throw Error(Exit::io, "no room for the checkpoint");
            throw;
        }
    });
    CHECK(ending.code == 74);
    CHECK(ending.spoken == "unetflow: no room for the checkpoint\n");
}

TEST_CASE("a stop signal that comes to one rank when rank 0 has finished changes nothing", "[definition][ranks]") {
    const Ending ending = end_of(3, [&](Ranks &ranks) {
        if (ranks.rank() == 1) throw Error(Exit::interrupted, "stopped");
    });
    CHECK(ending.code == 0);
    CHECK(ending.spoken.empty());
}

TEST_CASE("ranks see the numbers of all, and what rank 0 has", "[definition][ranks]") {
    const Ending ending = end_of(4, [&](Ranks &ranks) {
        std::vector<int> shared(3, ranks.rank());
        ranks.share(shared.data(), shared.size() * sizeof(int));
        const bool right = ranks.meet(10 * ranks.rank()) == std::vector<double>{0, 10, 20, 30} &&
                           ranks.of_first(5 + ranks.rank()) == 5 && shared == std::vector<int>(3, 0);
        if (!right) throw Error(Exit::internal, "wrong numbers");
    });
    CHECK(ending.code == 0);
    CHECK(ending.spoken.empty());
}
