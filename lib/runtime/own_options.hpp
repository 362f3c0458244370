// Options that count only where the user gives them: they choose what code runs, where keys go, or whose papers are
// read. A file that may be a stranger's, ./aisci.toml or what a study was begun with, does not set them by itself.
//
//   if (is_own("plugins") && !is_harmless("plugins", theirs)) ...    // then it must have been given by the user
//   as_flags(options, {"sandbox"})                                    // " --sandbox process", for a shell
//
// Since 0.1.
#pragma once

#include <aisci/options.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace aisci {

inline constexpr const char* kOwnOptionsChoose = "choose what code runs, where keys go or whose papers are read";

// In the order of the options.
const std::vector<std::string>& own_options();
bool is_own(std::string_view name);

// Whether a value runs, sends and reads no more than the default does.
bool is_harmless(std::string_view name, std::string_view value);

// Whether the values of an option mean the same: lists of paths do when they name the same places.
bool mean_the_same(std::string_view name, const std::string& one, const std::string& other);

// `name = "value"`, separated by commas, and the same as flags behind blanks. Without control characters, whatever the
// values hold.
std::string as_text(const Options& options, const std::vector<std::string>& names);
std::string as_flags(const Options& options, const std::vector<std::string>& names);

// A word as a shell reads it.
std::string shell_word(const std::string& word);

}  // namespace aisci
