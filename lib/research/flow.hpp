// The flow of a study, from question to paper, in one direction:
//
//   understand -> read -> prepare -> search -> confirm -> analyse -> write -> review -> finish
//
// Each step is a member below, in that order. The flow is deterministic: run again over the same ledger
// it takes every recorded outcome and arrives where it was (recorder.hpp). It knows no plugin (crew.hpp), no
// prompt and no process.
#pragma once

#include <aisci/options.hpp>
#include <aisci/scientist.hpp>
#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "research/arrivals.hpp"
#include "research/crew.hpp"
#include "research/experiment.hpp"
#include "research/node.hpp"
#include "research/paper.hpp"
#include "research/rebuttal.hpp"
#include "research/recorder.hpp"
#include "research/search_tree.hpp"
#include "research/study_document.hpp"

namespace aisci {

// Keys of what is made once for the draft and again when the reviews led to runs.
inline constexpr const char* kFirstEdition = "study";
inline constexpr const char* kRevisedEdition = "revised";

// What the outside may do to a running flow.
struct FlowControl {
  std::atomic<bool> cancelled{false};
  std::function<void()> wait_while_paused = [] {};
  // Steering that came since it was asked last; empty: none.
  std::function<std::vector<Steering>()> take_steering = [] { return std::vector<Steering>{}; };
  // One line for people, and the share of the whole study that is done. From any thread.
  std::function<void(const std::string& line, double progress)> tell = [](const std::string&, double) {};
};

class Flow {
 public:
  Flow(std::filesystem::path folder, std::string question, Options options, const Crew& crew, Recorder& recorder,
       FlowControl& control);

  // The whole study. CANCELLED when control says so; the ledger then holds what was done. NOT_FOUND when no template
  // can answer the question.
  Result<StudyResult> run();

  // Where a verification starts its own checks from, after run().
  const StudyView& view() const noexcept { return view_; }
  const json::object& resolved_paper() const noexcept { return resolved_; }
  const json::object& paper_model() const noexcept { return model_; }
  const json::object& rebuttal() const noexcept { return rebuttal_; }  // resolved
  // The experiment of a node or claim with all its trials; NOT_FOUND lists which there are.
  Result<Experiment> experiment(const std::string& id) const;
  // The writer's report on the build whose log lies in the folder.
  Result<json::object> check_build() const;

 private:
  // flow_begin.cpp
  Status begin();
  // flow_inputs.cpp
  Status take_template();
  Status take_data();
  Result<json::array> offered_templates();
  Status check_environment();
  Result<json::object> describe_data(const json::object& manifest);
  json::object design_input() const;
  Status in_users_folder(const Status& status) const;
  // flow_free.cpp
  Status write_template();
  Result<json::object> rehearse(const json::object& written, int attempt);
  Status keep_template(const json::object& written, json::array failures);
  // flow_begin.cpp
  Status understand();
  Result<json::object> read_question();
  Status read_literature();
  Status take_records(const std::string& document, std::vector<json::object>& records);
  Status prepare_data();
  Status propose();
  // flow_search.cpp
  Status search();
  Status search_step(SearchTree& tree, std::vector<struct Pending>& pending, bool& asked);
  Result<std::size_t> next_to_settle(const std::vector<struct Pending>& pending, std::size_t turn);
  Result<std::optional<json::object>> next_hypothesis(SearchTree& tree, const Ticket& ticket);
  // Gives a hypothesis its novelty, from the papers found; true, and says so, when one of them states it already.
  bool published(json::object& hypothesis);
  Result<bool> commit(SearchTree& tree, struct Pending& pending);
  Status steer(std::size_t turn);
  Status strike(std::size_t turn, double hours);
  Status end_search(const SearchTree& tree);
  // flow_node.cpp
  Status create_node(const Ticket& ticket, json::object hypothesis);
  Status plan(Node& node);
  TrialListener counter(const Experiment& experiment);
  Status start(const Ticket& ticket, struct Pending& next);
  Status launch(struct Pending& next);
  Result<std::optional<json::object>> outcome_of(struct Pending& pending);
  Result<bool> conclude(struct Pending& pending, int left, std::optional<double>& value);
  Result<std::string> search_further(const std::string& parent, json::object hypothesis);
  Status score(Node& node, int experiments_left);
  Experiment experiment_for(const std::string& id, const Plan& plan, std::vector<Trial> trials, bool confirmation,
                            std::size_t changes) const;

  Status take_scores(const json::object& outcome, const Experiment& experiment, std::vector<ScoredTrial>& scored,
                     std::string& failure);
  // flow_retry.cpp
  struct Attempts;
  Result<json::object> settle(Attempts& attempts);
  Result<std::optional<json::object>> attempt(Attempts& attempts, int number,
                                              std::future<Result<ExperimentOutcome>> running);
  Result<bool> retried_before(const std::string& key, int attempt = 1) const;
  Result<std::optional<Retry>> remedy_of(const Attempts& attempts, const ExperimentOutcome& outcome);
  Result<std::optional<Retry>> repaired(const Attempts& attempts, const ExperimentOutcome& outcome);
  Status follow(const Retry& retry, Attempts& attempts);
  Result<RunOutcome> run_through(const std::string& what, const std::function<Result<RunRequest>()>& prepare);
  Result<bool> data_intact() const;
  Status check_data();
  Result<RunOutcome> run_prepare(const json::object& prepare, const std::filesystem::path& runs, const std::string& id,
                                 std::filesystem::path& run);
  Status make_data();
  // flow_confirm.cpp
  Status lock_claims();
  Status confirm();
  Status confirm(Claim& claim, Experiment& experiment, const TrialListener& listener);
  // flow_paper.cpp
  Status analyse();
  Status draw_figures();
  Status write_paper();
  Status print_paper(const json::object& model, const std::string& version);
  Result<json::object> print_once(const json::object& model, const std::string& version);
  Result<RunRequest> build_request(const json::object& build, const std::filesystem::path& sources,
                                   const std::string& version) const;
  Result<std::string> build(const json::object& build, const std::filesystem::path& sources,
                            const std::string& version);
  Status finish(StudyResult& result);
  json::object curves() const;
  json::object paper_input() const;
  Status write_code_folder();
  // Leaves a text in the study's folder; when verifying, holds the one that lies there against it.
  Status leave(const std::string& name, const std::string& text);

  // flow_review.cpp
  Status review_paper();
  Status review_round(const std::string& version, const json::array& responses);
  Status answer_by_runs();
  Status revise();
  Status print_rebuttal();

  Node* find_node(const std::string& id);
  int parallel() const;
  bool by_arrival() const { return options_.order == "arrival"; }
  void tell(const std::string& line, double progress);
  std::string shown(std::string_view text) const;  // text with references as a person reads it
  Result<json::object> act(std::string_view task, const json::object& input);
  PaperContext paper_context() const;
  PaperContext rebuttal_context() const;

  std::filesystem::path folder_;
  Options options_;
  const Crew& crew_;
  Recorder& recorder_;
  FlowControl& control_;

  StudyView view_;
  json::array templates_;
  std::filesystem::path template_folder_;  // of the user's own template, in the study's folder; empty: shipped ones
  json::object written_;                   // the manifest of a template written for this study; empty: none
  json::object data_;                      // of the user's own: name, sha256, kind, target; empty: none
  json::array published_;                  // hypotheses left out, each with the key of the paper that states it
  std::vector<json::object> waiting_;      // hypotheses not yet in the tree, best first
  std::map<std::string, std::map<std::string, std::string>> code_;  // node -> files
  bool finish_search_ = false;
  Arrivals arrivals_;
  double reference_cost_ = 0;
  json::object findings_;
  json::object model_;     // the paper's model, whole
  std::size_t moved_ = 0;  // blocks of it that its format leaves no room for in the body
  json::object resolved_;
  std::vector<json::object> reviews_;
  ReviewRounds rounds_;
  json::array answers_;       // {"point", "node"}: points of the reviews that a run answers
  json::object rebuttal_;     // resolved
  int experiments_left_ = 0;  // what search and confirmation left of their budgets
  std::string edition_ = kFirstEdition;
  std::vector<std::string> degraded_;
  double progress_ = 0;
};

}  // namespace aisci
