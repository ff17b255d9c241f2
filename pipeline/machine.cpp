#include "pipeline/machine.h"
#include "generated/version.h"
#include "pipeline/bytes_text.h"
#include "pipeline/threads.h"
#include "pipeline/utc_time.h"
#include "src/kernels/kernels.h"
#include <fstream>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

namespace unet {

namespace {

/// What stands behind "key ... :" in a file of lines; empty where there is none.
std::string value_of(const char *path, const std::string &key) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key) && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
    return {};
}

uint64_t physical_memory() { return uint64_t(::sysconf(_SC_PHYS_PAGES)) * uint64_t(::sysconf(_SC_PAGESIZE)); }

uint64_t most_resident() {
    rusage usage = {};
    return ::getrusage(RUSAGE_SELF, &usage) == 0 ? uint64_t(usage.ru_maxrss) * 1024 : 0;
}

}  // namespace

std::string date_and_time() { return utc_time("%Y-%m-%d %H:%M UTC"); }

std::vector<Fact> machine_facts() {
    std::vector<Fact> facts{{"unetflow", version}};
    utsname system = {};
    if (::uname(&system) == 0) {
        facts.push_back({"computer", system.nodename});
        facts.push_back({"system", std::string(system.sysname) + " " + system.release + ", " + system.machine});
    }
    if (const std::string name = value_of("/proc/cpuinfo", "model name"); !name.empty())
        facts.push_back({"processor", name});
    facts.push_back({"threads", std::to_string(arena_threads()) + " of " +
                                    std::to_string(std::thread::hardware_concurrency()) + " processors"});
    facts.push_back({"kernels", std::string(kernels().name) + " (" + std::string(kernels().halide_target) + ")"});
    facts.push_back({"memory", bytes_text(physical_memory())});
    facts.push_back({"memory of the run", bytes_text(most_resident()) + " at most"});
    return facts;
}

}  // namespace unet
