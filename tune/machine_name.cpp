#include "tune/machine_name.h"
#include <cctype>
#include <fstream>
#include <map>

namespace unet {

namespace {

/// The first value of each key in /proc/cpuinfo.
std::map<std::string, std::string> processor_facts() {
    std::map<std::string, std::string> facts;
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const size_t colon = line.find(": ");
        if (colon == std::string::npos) continue;
        std::string key = line.substr(0, colon);
        key.erase(key.find_last_not_of(" \t") + 1);
        facts.emplace(key, line.substr(colon + 2));
    }
    return facts;
}

}  // namespace

std::string machine_name() {
    std::map<std::string, std::string> facts = processor_facts();
    for (const char *key : {"vendor_id", "cpu family", "model"})
        if (!facts.contains(key)) return "unknown processor";
    return facts["vendor_id"] + " family " + facts["cpu family"] + " model " + facts["model"];
}

std::string file_name_of(const std::string &machine) {
    std::string name;
    for (const char c : machine) name += std::isalnum(static_cast<unsigned char>(c)) ? char(std::tolower(c)) : '-';
    return name;
}

}  // namespace unet
