// Files packed into one .tar.gz, and unpacked again without trust.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <map>
#include <string>

namespace aisci {

// Name in the archive -> file on disk. The same contents give the same bytes: no owners, no times. Replaces `file`,
// writing beside it first, to a new file that nothing leads to. FAILED_PRECONDITION for what unpack() would not take.
Status pack(const std::filesystem::path& file, const std::map<std::string, std::filesystem::path>& contents);

// Unpacks below `folder`. INVALID_ARGUMENT for what is no such archive and for an entry that is no plain file or
// folder, leads out of `folder`, stands twice, or is one too many or too large: all of them together may be 200 times
// as large as `file` and 64 MB more, and 64 GiB.
Status unpack(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace aisci
