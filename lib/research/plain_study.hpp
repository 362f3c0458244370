// What may lie in a study's folder: regular files and folders. A study may be a stranger's, and a link in it would have
// it read from, or written to, elsewhere; a FIFO would keep whoever reads it waiting.
//
//   AISCI_RETURN_IF_ERROR(check_plain("their-study"));    // before anything of it is read or written
//
// The folder itself may be reached through links. What programs left in the results of their runs is theirs: nothing
// is taken from there but through checks of its own.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace aisci {

struct NotPlain {
  std::string name;  // below the study's folder
  std::string kind;  // "a symbolic link"
};

// In order of name. An error where a folder cannot be read.
Result<std::vector<NotPlain>> not_plain(const std::filesystem::path& study);

// FAILED_PRECONDITION names the first of them, and what to do.
Status check_plain(const std::filesystem::path& study);

}  // namespace aisci
