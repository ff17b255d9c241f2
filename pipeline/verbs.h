// What the program can do: one entry per verb.
#pragma once
#include "pipeline/option_table.h"
#include <functional>
#include <string>
#include <vector>

namespace unet {

struct Verb {
    std::string name;
    std::string summary;   ///< a line
    std::string about;     ///< what goes in, what comes out; a few lines
    std::string examples;  ///< whole command lines
    /// Adds the verb's options to a table. Returns what runs it, once they are set.
    std::function<void()> (*declare)(OptionTable &table);
    bool in_ranks = false;  ///< mpirun may start several processes of it, which then work together
    /// Whether it is a program of its own, not a verb of `unetflow`.
    bool is_program() const { return name.starts_with("unetflow-"); }
    std::string command() const { return is_program() ? name : "unetflow " + name; }  ///< typed before the options
};

/// In the order of a project: look, check, train, segment, score.
const std::vector<Verb> &verbs();

}  // namespace unet
