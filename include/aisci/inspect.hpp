// Looking at a study from outside: what it did, whether it holds, and whether this machine could
// run one. All of it works while a study runs in another process.
//
//   aisci::Result<std::string> json = aisci::describe_study("my-study");
//   std::cout << aisci::explain_number("my-study", "84.3%").value();    // the trials and files behind it
//   aisci::VerifyReport report = aisci::verify_study("my-study").value();
//   for (const auto& problem : report.problems)
//     std::cout << problem.place << ": expected " << problem.expected << ", found " << problem.found << '\n';
//
// Thread safety: free functions without shared state.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/options.hpp>
#include <aisci/status.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace aisci {

class Registry;

// {schema, study, state, nodes: [{id, parent, stage, hypothesis, verdict, score, visits, experiments}],
// claims, cost}: a fold over the ledger's events, which is not verified. NOT_FOUND when the folder holds no study,
// DATA_LOSS when the ledger is none that aisci wrote. Texts are as they are recorded: whoever shows them on a terminal
// takes out what it acts on.
AISCI_API Result<std::string> describe_study(const std::filesystem::path& folder);

struct Problem {
  std::string place;  // "experiments/n2/trials/t003/metrics.json"; all three are UTF-8, whatever the damage
  std::string expected;
  std::string found;
};

struct VerifyReport {
  std::vector<Problem> problems;    // none: the study holds
  std::vector<std::string> checks;  // what was recomputed, one line each
};

// Recomputes a finished study from its raw files: scores from predictions and labels, evidence, claims and
// verdicts, the facts, the paper's text from its model, the numbers in the PDF, citations, the hash chain, whether
// question.txt and config.toml are what the study began with, and whether the ledger has events that nothing in the
// study needs. The study may be a stranger's: no code of it runs.
// `plugins`: folders of further plugins that the caller trusts, as in Options; plugins that the study itself names are
// not loaded. `registry`: components of the program's own, as for Scientist::use; a study that was made with one is
// verified with it.
AISCI_API Result<VerifyReport> verify_study(const std::filesystem::path& folder, const std::string& plugins = {},
                                            std::shared_ptr<Registry> registry = nullptr);

// What stands behind a number of a finished study's paper, as it is printed ("0.8", "84.3%", "-0.11") or by the name of
// its fact ("c1.contrast.mean"): {schema, number, holds, matches: [{fact, value, printed, places, how, blocks: [{block,
// seed, contrast, trials: [{arm, score, file}]}]}]}, the likeliest fact first; a fact that rests on no trial, such as a
// constant of the protocol, has no blocks. In place of a score a trial has the training_loss, training_accuracy or
// parameters that the fact is made of. A number that stands in the paper and is no fact has `source` in place of `fact`
// and `value`: what the text that holds it is part of, the key of a reference, or the table of the figure that prints
// it with the `lines` that round to it; `how` says more. Computed again from the raw files; `holds` is false when
// verification finds problems. NOT_FOUND when the paper prints no such number, FAILED_PRECONDITION while the study is
// unfinished.
AISCI_API Result<std::string> explain_number(const std::filesystem::path& folder, const std::string& number,
                                             const std::string& plugins = {},
                                             std::shared_ptr<Registry> registry = nullptr);

struct Recovery {
  std::int64_t events = 0;  // so many, from the first on, came over
  std::string damage;       // what ended the intact part; "" when the ledger was whole
};

// Takes what is intact of a study whose ledger is damaged (cut off, overwritten, changed) into a new folder: the
// ledger's beginning as far as it holds, and the other files as they are. The new study is resumed like any that was
// interrupted: experiments whose trials are there do not run again. The old folder is not changed. UNAVAILABLE while an
// aisci works on it, ALREADY_EXISTS when `to` holds something, DATA_LOSS when nothing of the ledger can be read.
AISCI_API Result<Recovery> recover_study(const std::filesystem::path& from, const std::filesystem::path& to);

struct Check {
  std::string name;  // "sandbox bubblewrap"
  bool ok = false;
  bool required = true;  // without it no study runs; otherwise the study is degraded
  std::string detail;    // what was found
  std::string remedy;    // what to do when it is not ok
};

// Everything a study with these options needs from the machine: components, the model's server, the experiments' Python
// and its packages (what figures import, and what the named template states, or as degraded each shipped one), the
// sandbox and its layers, LaTeX and its packages, disk space and the right to write at `folder`, which need not exist
// yet; empty: the working directory. Takes at most ten seconds, changes nothing. `aisci doctor`
// prints it, `aisci run` begins with it.
AISCI_API std::vector<Check> diagnose(const Options& options, const std::filesystem::path& folder = {});

}  // namespace aisci
