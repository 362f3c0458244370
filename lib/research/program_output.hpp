// What a small program of the host prints: pdftotext, kpsewhich. Not for experiments, which run in a sandbox.
//
//   AISCI_ASSIGN_OR_RETURN(const ProgramOutput told, program_output({"kpsewhich", "natbib.sty"}, 5.0));
//
// Threads: free function. The child is waited for, and killed when its time is over.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace aisci {

struct ProgramOutput {
  int status = 0;  // exit code; -1 for a signal
  std::string text;
};

// `seconds` 0: no limit. FAILED_PRECONDITION when the program cannot be started, DEADLINE_EXCEEDED when it took longer,
// RESOURCE_EXHAUSTED when it printed more than `most` bytes or the host has no pipe for it.
Result<ProgramOutput> program_output(std::vector<std::string> argv, double seconds,
                                     std::size_t most = std::size_t{1} << 30);

// What a script prints that an interpreter of Python runs. Of the folder that the caller stands in, which may be a
// stranger's study, nothing is imported.
Result<ProgramOutput> script_output(const std::filesystem::path& python, std::string_view script, double seconds,
                                    const std::vector<std::string>& arguments = {});

}  // namespace aisci
