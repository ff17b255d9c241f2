// The options of a verb as a table: name, meaning, where the value goes.
#pragma once
#include "pipeline/option_values.h"
#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace unet {

struct Option {
    std::string name;                              ///< without the dashes
    std::string value_name;                        ///< "FILE"; empty for a flag
    std::string help;                              ///< default included
    std::function<void(const std::string &)> set;  ///< throws Error(usage) with the words after "--name text: "
    bool list = false;                             ///< takes several values
    bool required = false;
    bool expert = false;
};

/// Each line added says what an option means and keeps a reference to where its value goes. The value that stands there
/// is the default, and is shown in the help.
class OptionTable {
public:
    using Text = std::string;

    Option &text(Text name, Text value_name, Text help, std::string &to);
    Option &list(Text name, Text value_name, Text help, std::vector<std::string> &to);
    Option &flag(Text name, Text help, bool &to, bool value = true);
    Option &number(Text name, Text value_name, Text help, double &to, double least, double most);
    /// A whole number in [least, most].
    template<std::integral T>
    Option &integer(Text name, Text value_name, Text help, T &to, int64_t least, int64_t most) {
        return add(std::move(name), std::move(value_name), with_default(std::move(help), std::to_string(to)),
                   [&to, least, most](const Text &text) { to = T(parse_integer(text, least, most)); });
    }
    /// One of some words. Where they are too long to stand beside the name, the help must name them.
    template<class T>
    Option &choice(Text name, Text help, T &to, std::vector<std::pair<Text, std::type_identity_t<T>>> words) {
        Text all, current;
        for (const auto &[word, value] : words) {
            all += (all.empty() ? "" : "|") + word;
            if (value == to) current = word;
        }
        return add(std::move(name), all.size() <= longest_value_name ? all : "WORD",
                   current.empty() ? help : with_default(help, current), [&to, words, all](const Text &text) {
                       for (const auto &[word, value] : words)
                           if (word == text) return void(to = value);
                       refuse_choice(all);
                   });
    }
    /// Anything else.
    Option &add(Text name, Text value_name, Text help, std::function<void(const std::string &)> set);

    /// Free words on the command line are values of this list.
    void free_words(std::string name) { free_words_ = std::move(name); }
    const std::string &free_words() const { return free_words_; }

    const std::vector<Option> &options() const { return options_; }
    const Option *find(const std::string &name) const;
    std::vector<std::string> names() const;  ///< with their dashes

private:
    static constexpr size_t longest_value_name = 32;
    static Text with_default(Text help, const Text &value) { return help + " (default " + value + ")"; }
    [[noreturn]] static void refuse_choice(const Text &words);

    std::vector<Option> options_;
    std::string free_words_;
};

}  // namespace unet
