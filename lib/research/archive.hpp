// Files packed into one .tar.gz, and unpacked again without trust.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <map>
#include <string>

namespace aisci {

// Name in the archive -> file on disk. The same contents give the same bytes: no owners, no times. Replaces `file`.
Status pack(const std::filesystem::path& file, const std::map<std::string, std::filesystem::path>& contents);

// Unpacks below `folder`. INVALID_ARGUMENT for what is no such archive and for an entry that is no plain file or
// folder, leads out of `folder`, stands twice, or is one too many or too large.
Status unpack(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace aisci
