#include "pipeline/options.h"
#include "pipeline/help.h"
#include "pipeline/nearest_name.h"
#include "pipeline/verbs.h"
#include "src/base/error.h"
#include <algorithm>
#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <set>

namespace unet {

namespace po = boost::program_options;

namespace {

constexpr unsigned help_columns = 110;
constexpr int most_threads = 4096;

/// Options that every verb has.
struct CommonOptions {
    int threads = 0;
    std::string target, config;
    bool help = false, quiet = false;
};

void declare_common(OptionTable &table, CommonOptions &common, bool in_ranks) {
    table.add("threads", "N",
              in_ranks
                  ? "threads to use, of each rank where there are several (default: all that it may use, or its share)"
                  : "threads to use (default: all that it may use)",
              [&](const std::string &text) { common.threads = int(parse_integer(text, 1, most_threads)); });
    table.text("config", "FILE", "ini file with the same options, one `name = value` a line; the command line wins",
               common.config);
    // A verb that has nothing to say on stderr but errors takes --quiet all the same.
    if (!table.find("quiet")) table.flag("quiet", "nothing on stderr but errors", common.quiet);
    table.flag("help", "explains the verb", common.help);
    table.text("target", "NAME", "kernels to use instead of the best, see --version", common.target).expert = true;
}

[[noreturn]] void refuse(const Verb &verb, const std::string &fact) {
    const std::string before = verb.is_program() ? "" : verb.name + ": ";
    throw Error(Exit::usage, fmt::format("{}{}; see `{} --help`", before, fact, verb.command()));
}

std::string hint(const std::string &wrong, const std::vector<std::string> &names) {
    const std::string nearest = nearest_name(wrong, names);
    return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

po::options_description described(const OptionTable &table, bool expert, const std::string &caption) {
    po::options_description description(caption, help_columns, help_columns / 2);
    for (const Option &option : table.options()) {
        if (option.expert != expert) continue;
        const std::string help = option.required ? option.help + " (required)" : option.help;
        const po::value_semantic *value = nullptr;
        if (option.value_name.empty()) value = po::bool_switch();
        else if (option.list)
            value = po::value<std::vector<std::string>>()->multitoken()->value_name(option.value_name);
        else value = po::value<std::string>()->value_name(option.value_name);
        description.add_options()(option.name.c_str(), value, help.c_str());
    }
    return description;
}

po::options_description all_described(const OptionTable &table) {
    po::options_description all;
    return all.add(described(table, false, "")).add(described(table, true, ""));
}

std::string options_help(const OptionTable &table) {
    std::ostringstream text;
    text << described(table, false, "Options") << '\n' << described(table, true, "For experts");
    return text.str();
}

/// Hands parsed values to their options. What is `taken` (by the command line) stays.
void apply(const std::vector<po::option> &values, const OptionTable &table, const Verb &verb,
           std::set<std::string> &taken) {
    std::set<std::string> given;
    for (const po::option &value : values) {
        if (taken.contains(value.string_key)) continue;
        const Option &option = *table.find(value.string_key);
        if (!given.insert(option.name).second && !option.list) refuse(verb, "--" + option.name + " is given twice");
        const std::vector<std::string> texts = value.value.empty() ? std::vector<std::string>{""} : value.value;
        for (const std::string &text : texts) {
            // Boost takes whatever follows as the value.
            if (text.starts_with("--"))
                refuse(verb, fmt::format("--{} needs a value and is followed by {}", option.name, text));
            try {
                option.set(text);
            } catch (const Error &error) {
                throw Error(error.code, fmt::format("--{} {}: {}", option.name, text, error.what()));
            }
        }
    }
    taken.merge(given);
}

po::parsed_options parse_tokens(const std::vector<std::string> &tokens, const po::options_description &description,
                                const std::string &free_words) {
    using namespace po::command_line_style;
    po::positional_options_description positions;
    if (!free_words.empty()) positions.add(free_words.c_str(), -1);
    po::command_line_parser parser(tokens);
    return parser.options(description)
        .positional(positions)
        .style(allow_long | long_allow_adjacent | long_allow_next)
        .run();
}

po::parsed_options parse_config(const std::string &path, const po::options_description &description) {
    std::ifstream file(path);
    if (!file) throw Error(Exit::no_input, path + ": cannot be opened; check the path given to --config");
    return po::parse_config_file(file, description);
}

/// Runs a parser of Boost and turns its exceptions into one line. `where` is the verb or the config file.
po::parsed_options parsed(const std::function<po::parsed_options()> &parse, const OptionTable &table, const Verb &verb,
                          const std::string &where) {
    try {
        return parse();
    } catch (const po::unknown_option &unknown) {
        std::string name = unknown.get_option_name();
        name.erase(0, name.find_first_not_of('-'));
        refuse(verb, fmt::format("{}there is no option --{}{}", where, name, hint("--" + name, table.names())));
    } catch (const po::too_many_positional_options_error &) {
        refuse(verb, where + "there is a word that belongs to no option");
    } catch (const po::invalid_command_line_syntax &bad) {
        refuse(verb, fmt::format("{}{}", where, bad.what()));
    } catch (const po::error &bad) {
        refuse(verb, fmt::format("{}{}", where, bad.what()));
    }
}

void check_required(const OptionTable &table, const Verb &verb, const std::set<std::string> &given) {
    for (const Option &option : table.options())
        if (option.required && !given.contains(option.name)) {
            const bool free = option.name == table.free_words();
            refuse(verb, free ? "name at least one " + option.value_name
                              : "--" + option.name + " " + option.value_name + " is missing");
        }
}

Command verb_command(const Verb &verb, const std::vector<std::string> &tokens) {
    auto table = std::make_shared<OptionTable>();
    auto common = std::make_shared<CommonOptions>();
    auto run = verb.declare(*table);
    declare_common(*table, *common, verb.in_ranks);
    const po::options_description description = all_described(*table);

    std::set<std::string> given;
    const auto from_line = [&] { return parse_tokens(tokens, description, table->free_words()); };
    apply(parsed(from_line, *table, verb, "").options, *table, verb, given);
    if (common->help)
        return {.threads = 0, .target = {}, .run = [text = verb_help(verb, options_help(*table))] {
                    std::cout << text << std::flush;
                }};
    const auto from_file = [&] { return parse_config(common->config, description); };
    if (!common->config.empty())
        apply(parsed(from_file, *table, verb, common->config + ": ").options, *table, verb, given);
    check_required(*table, verb, given);
    return {common->threads, common->target, [table, common, run] { run(); }, verb.in_ranks ? "" : verb.name};
}

const Verb &find_verb(const std::string &name) {
    std::vector<std::string> names;
    for (const Verb &verb : verbs()) {
        if (verb.name == name) return verb;
        names.push_back(verb.name);
    }
    throw Error(Exit::usage, fmt::format("there is no verb {}{}; see `unetflow --help`", name, hint(name, names)));
}

Command version_command() {
    return {.threads = 0, .target = {}, .run = [] { std::cout << version_text() << std::flush; }};
}

Command verb_command_with_short_help(const Verb &verb, std::vector<std::string> tokens) {
    std::replace(tokens.begin(), tokens.end(), std::string("-h"), std::string("--help"));
    return verb_command(verb, tokens);
}

}  // namespace

Command parse_options(const Verb &verb, const std::vector<std::string> &arguments) {
    if (!arguments.empty() && arguments.front() == "--version") return version_command();
    return verb_command_with_short_help(verb, arguments);
}

Command parse_command_line(const std::vector<std::string> &arguments) {
    if (arguments.empty())
        throw Error(Exit::usage, "say what to do: `unetflow VERB --option value`; see `unetflow --help`");
    const std::string &first = arguments.front();
    if (first == "--version") return version_command();
    if (first == "--help" || first == "-h" || (first == "help" && arguments.size() == 1))
        return {.threads = 0, .target = {}, .run = [] { std::cout << program_help() << std::flush; }};
    if (first == "help") return verb_command(find_verb(arguments[1]), {"--help"});
    return verb_command_with_short_help(find_verb(first), {arguments.begin() + 1, arguments.end()});
}

}  // namespace unet
