// The recorder: how the flow of a study meets its ledger.
//
// The flow is a deterministic function that runs from its start every time. It meets the world only
// through outcomes and states what follows from them as derivations:
//   outcome(type, key, act)   already recorded: returned, act is not called. Else act() and record.
//   derive(type, key, body)   recorded and equal: fine. Else recorded. Recorded and different: an error.
// An outcome is on the disk before the flow goes on; a derivation, which can be made again, with the next outcome.
// Running, resuming, replaying and verifying are the same code. A recorder made for verifying records
// nothing: an outcome that is missing or a derivation that differs becomes a finding, and the flow goes on. So does, at
// its end, an event that it had no use for: who shows a study by its ledger would tell another story by it.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "ledger/ledger.hpp"

namespace aisci {

// One place where a study does not hold.
struct Finding {
  std::string place;
  std::string expected;
  std::string found;
};

class Recorder {
 public:
  using Listener = std::function<void(const Event&)>;

  Recorder(Ledger& ledger, Listener listener) : ledger_{ledger}, listener_{std::move(listener)} {}
  // For verifying: `findings` gets what does not hold and must outlive the recorder.
  Recorder(Ledger& ledger, std::vector<Finding>& findings) : ledger_{ledger}, findings_{&findings} {}

  bool verifying() const noexcept { return findings_ != nullptr; }
  void report(Finding finding) {
    if (findings_) findings_->push_back(std::move(finding));
  }

  // `intent`: an event "TYPE.started" is recorded before act() is called, for actions that are long or paid.
  Result<json::object> outcome(std::string_view type, std::string_view key,
                               const std::function<Result<json::object>()>& act, bool intent = false);
  Status derive(std::string_view type, std::string_view key, const json::object& body);

  // Records what a person said or how a run ended; never an error when it is there.
  Result<json::object> note(std::string_view type, std::string_view key, const json::object& body,
                            Durability durability = Durability::kSynced);
  // What is taken from the ledger here, the flow goes by; who merely looks asks ledger().
  Result<std::optional<json::object>> recorded(std::string_view type, std::string_view key) const;
  // When verifying, once the flow is at its end: reports the events that it did not go by, but for those that a run may
  // leave: how runs ended and were repeated, that an experiment began, what models were asked.
  Status report_unused();

  // A document in the ledger, by content.
  Result<std::string> put(std::string_view content);
  Result<std::string> get(std::string_view name) const { return ledger_.get(name); }
  Ledger& ledger() noexcept { return ledger_; }

 private:
  Result<json::object> append(std::string_view type, std::string_view key, const json::object& body,
                              Durability durability = Durability::kSynced);

  Ledger& ledger_;
  Listener listener_;
  std::vector<Finding>* findings_ = nullptr;
  mutable std::set<std::pair<std::string, std::string>> used_;  // when verifying: type and key
};

// The first difference of two documents: "evidence.contrast.mean", expected and found as short texts. Numbers are
// equal within 1e-12 of their size.
Finding first_difference(const json::value& expected, const json::value& found, std::string place);
bool equal_documents(const json::value& a, const json::value& b);
// The first line in which two texts differ: "paper/paper.tex, line 12", with the stretch around it; none when equal.
std::optional<Finding> first_difference_of_texts(std::string_view expected, std::string_view found,
                                                 const std::string& place);
// That of a study's file and the text it is to hold; of a file that cannot be read, what is in the way.
std::optional<Finding> first_difference_in_file(const std::filesystem::path& folder, const std::string& name,
                                                std::string_view expected);

}  // namespace aisci
