// The folder of a study that was refused before anything was prepared or run: a corrected command may have it.
//
//   AISCI_ASSIGN_OR_RETURN(const bool anew, may_begin_anew(folder, options));
//   if (anew) AISCI_RETURN_IF_ERROR(empty_refused(folder));
//
// Threads: any; the ledger's lock keeps others out while a folder is looked at and while it is emptied. Since 0.1.
#pragma once

#include <aisci/scientist.hpp>
#include <aisci/status.hpp>
#include <filesystem>

namespace aisci {

// Whether a folder with a ledger holds nothing but such a beginning, and nothing that the new study is to read. Touches
// nothing. ALREADY_EXISTS while somebody has the study open, as the handle of the refused one does.
Result<bool> may_begin_anew(const std::filesystem::path& folder, const Options& options);

// Takes away what the refused study wrote. ALREADY_EXISTS, with nothing touched, while somebody has it open.
Status empty_refused(const std::filesystem::path& folder);

}  // namespace aisci
