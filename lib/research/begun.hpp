// The studies that a user began, and what of any other study counts only when it is given again.
//
// A study that came from elsewhere says in its ledger which sandbox its programs run in and which plugins are loaded.
// Going on with it must not do what a stranger wrote there. So the beginning of a study that has such options is noted
// in the user's state folder, and resuming one that is not noted there asks for them.
//
//   note_begun(state, event);                                             // of study.created, where one began
//   AISCI_RETURN_IF_ERROR(check_own_options(request));                    // before anything is loaded, run or sent
//
// The file `begun` of the state folder has a line for each such study: the SHA-256 of its first event, which holds
// the question, the options and the time.
// Since 0.1.
#pragma once

#include <aisci/scientist.hpp>
#include <aisci/status.hpp>
#include <filesystem>
#include <optional>

#include "ledger/ledger.hpp"

namespace aisci {

// Whether such a study needs to be noted.
bool has_own_options(const Options& options);

// Appends the line, in one write. Makes the folder and the file, which is the user's alone.
Status note_begun(const std::filesystem::path& state, const Event& first);
// False where there is no such file, and where others may write it.
bool was_begun(const std::filesystem::path& state, const Event& first);

struct ResumeRequest {
  const std::filesystem::path& folder;
  const Options& begun_with;
  const Options& standing;  // of the Scientist
  const ResumeOptions& how;
  const std::filesystem::path& state;
  const std::optional<Event>& first;  // none: it was killed before it began
};

// INVALID_ARGUMENT when what is given again is not what the study began with; FAILED_PRECONDITION, with the command
// that goes on, when something would have to be given again.
Status check_own_options(const ResumeRequest& request);

}  // namespace aisci
