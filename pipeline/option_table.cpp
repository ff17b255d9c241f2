#include "pipeline/option_table.h"
#include "src/base/error.h"
#include <fmt/format.h>

namespace unet {

Option &OptionTable::add(Text name, Text value_name, Text help, std::function<void(const std::string &)> set) {
    return options_.emplace_back(Option{
        .name = std::move(name), .value_name = std::move(value_name), .help = std::move(help), .set = std::move(set)});
}

Option &OptionTable::text(Text name, Text value_name, Text help, std::string &to) {
    return add(std::move(name), std::move(value_name), std::move(help), [&to](const Text &text) { to = text; });
}

Option &OptionTable::list(Text name, Text value_name, Text help, std::vector<std::string> &to) {
    Option &option =
        add(std::move(name), std::move(value_name), std::move(help), [&to](const Text &text) { to.push_back(text); });
    option.list = true;
    return option;
}

Option &OptionTable::flag(Text name, Text help, bool &to, bool value) {
    return add(std::move(name), "", std::move(help),
               [&to, value](const Text &text) { to = parse_flag(text) == value; });
}

Option &OptionTable::number(Text name, Text value_name, Text help, double &to, double least, double most) {
    return add(std::move(name), std::move(value_name), with_default(std::move(help), fmt::format("{}", to)),
               [&to, least, most](const Text &text) { to = parse_number(text, least, most); });
}

const Option *OptionTable::find(const std::string &name) const {
    for (const Option &option : options_)
        if (option.name == name) return &option;
    return nullptr;
}

std::vector<std::string> OptionTable::names() const {
    std::vector<std::string> names;
    for (const Option &option : options_) names.push_back("--" + option.name);
    return names;
}

void OptionTable::refuse_choice(const Text &words) { throw Error(Exit::usage, "must be one of " + words); }

}  // namespace unet
