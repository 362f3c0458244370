// Scientist and Study: from a question to a paper.
//
//   #include <aisci/scientist.hpp>
//
//   aisci::Scientist scientist;                                   // options with their defaults
//   scientist.options().max_experiments = 8;
//   aisci::Result<aisci::Study> study = scientist.start(
//       "How does the choice of activation function affect Vision Transformers on small datasets?", "my-study");
//   if (!study.ok()) { std::cerr << study.status().to_string() << '\n'; return 1; }
//   study->on_event([](const aisci::StudyEvent& event) { std::cout << event.message << '\n'; });
//   const aisci::StudyResult& result = study->wait();
//   std::cout << result.paper.pdf << '\n';
//
// A study writes everything it does into its folder as it does it. A folder that holds an
// unfinished study is continued by resume(); nothing that was done is done again.
//
// Threads: a running study has threads of its own. Event callbacks come from one of them, one at a
// time; from inside a callback any member of Study may be called except wait() and the destructor.
// Scientist is a value and not shared between threads; Study may be used from several at once.
// Destroying a running Study cancels it and waits for it to end. Two studies at once are fine.
// The library installs no signal handler, prints nothing and never ends the process.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/options.hpp>
#include <aisci/status.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aisci {

class Registry;

// What a study tells while it runs.
struct StudyEvent {
  std::string type;  // as in the ledger: "node.created", "experiment.completed"; "progress" is told but not recorded,
                     // nor are "log" and "metric": what a component (the key) says and measures
  std::string key;   // what it is about: "n3"
  std::string message;   // one line for people
  double progress = 0;   // of the whole study, 0 to 1; never falls
  std::string document;  // the event's body as JSON; "" for progress
};

enum class StudyState { kRunning, kPaused, kCompleted, kFailed, kCancelled };
AISCI_API const char* to_string(StudyState state) noexcept;

// A claim and what its confirmation said.
struct Verdict {
  std::string claim;      // "c1"
  std::string statement;  // the hypothesis in words
  std::string verdict;    // "supported", "refuted", "equivalent", "inconclusive"
  double effect = 0;      // the contrast's mean in units of the metric (or of its logit), predicted direction positive
  double lower = 0;       // corrected interval
  double upper = 0;
  std::string unit;  // "points" (share of 1; print times 100), "logit", or the metric's own unit; "" when it has none
  int blocks = 0;
};

// What a study used, over all its runs.
struct Cost {
  std::optional<double> usd;        // of models; unset when a call's price is not known
  std::int64_t model_calls = 0;     // model tasks that were answered
  std::int64_t model_attempts = 0;  // calls to providers that are paid for, failed ones included
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t trials = 0;
};

struct Paper {
  std::filesystem::path pdf;              // empty when LaTeX is missing; then the sources are still there
  std::filesystem::path latex;            // paper/paper.tex
  std::filesystem::path code;             // folder with all experiment code
  std::filesystem::path summary;          // summary.json
  std::filesystem::path experiment_logs;  // folder
  std::vector<std::string> findings;      // sentences
  std::vector<Verdict> verdicts;
  bool fresh_data = true;  // the confirmation read data that the search could not; else only its seeds are new
  std::vector<std::string> reviews;  // each reviewer's summary
  double quality = 0;                // mean overall score of the reviews, 1 to 10
  Cost cost;

  // The name that users of other systems look for.
  const std::filesystem::path& code_repo() const noexcept { return code; }
};

struct StudyResult {
  StudyState state = StudyState::kRunning;
  Status status;                      // why, when it failed or was cancelled
  std::string ended_by;               // the limit that ended the search: "max_experiments", "max_iterations", ...
  std::vector<std::string> degraded;  // what was asked for and could not be had; empty when nothing
  std::vector<std::string> next;      // what to try next, in words
  Paper paper;
  std::string head;  // of the ledger's hash chain
};

// What a person may tell a running study. Recorded in the ledger.
struct Steering {
  bool finish_search = false;  // end the search now; go on to confirmation and the paper
  std::string hypothesis;      // a hypothesis document (JSON) to test next; "" for none
};

// Handle of one study. Move only.
class AISCI_API Study {
 public:
  using EventCallback = std::function<void(const StudyEvent&)>;

  Study(Study&&) noexcept;
  Study& operator=(Study&&) noexcept;
  ~Study();

  // Calls back for each event from now on. Events that came before, since start(), are told first.
  void on_event(EventCallback callback);

  StudyState state() const;
  double progress() const;

  // Holds before the next experiment is started; those under way go on. resume() ends it.
  void pause();
  void resume();
  // Ends the study soon: running experiments are killed, what is recorded stays, Scientist::resume continues it.
  void cancel();
  // INVALID_ARGUMENT when the hypothesis does not parse; FAILED_PRECONDITION when the search is over.
  Status steer(const Steering& steering);

  // What the study runs with.
  const Options& options() const noexcept;

  // Blocks until the study ends. The reference is valid as long as this object.
  const StudyResult& wait();

 private:
  friend class Scientist;
  class Running;
  explicit Study(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

// How a study is continued that may be a stranger's.
struct ResumeOptions {
  // Options that the user gives again for this study, by name: {{"sandbox", "process"}}.
  std::map<std::string, std::string> again;
  // The host answers for the study: it goes on with whatever it was begun with.
  bool trusted = false;
};

// Where `aisci` and Python note which studies this user began: $XDG_STATE_HOME/aisci, else ~/.local/state/aisci; empty
// without either.
AISCI_API std::filesystem::path default_state_folder();

// Configuration; starts studies.
class AISCI_API Scientist {
 public:
  Scientist() = default;
  explicit Scientist(Options options) : options_{std::move(options)} {}

  Options& options() noexcept { return options_; }
  const Options& options() const noexcept { return options_; }

  // Components beside the shipped and configured plugins: the host's own value functions, agents
  // and so on. The registry must outlive the studies.
  void use(std::shared_ptr<Registry> registry) { registry_ = std::move(registry); }

  // The folder, such as default_state_folder(), in which start() notes studies that resume() then knows as this user's:
  // a line in its file `begun` for each that has options of the user's own (options.hpp). None by default: a study
  // writes nothing outside its folder. A folder that cannot be written is no error, and a "log" event says so.
  void remember_in(std::filesystem::path state_folder) { state_folder_ = std::move(state_folder); }

  // Starts a study in a new or empty folder, or in that of a study whose inputs or question were refused before
  // anything was prepared or run: that one is begun anew, once its Study is gone. ALREADY_EXISTS when the folder holds
  // another study or anything else; FAILED_PRECONDITION with the remedy when something it needs is missing (sandbox,
  // Python, a component). A question that no template can answer is refused by the study itself, before any experiment.
  Result<Study> start(const std::string& research_question, const std::filesystem::path& output_dir);

  // Continues the study in a folder with the options it was started with. A completed study returns at once. Of this
  // Scientist's options gpu_allocation and gpu_ids count where they are not the defaults: a machine may have lost a
  // GPU.
  //
  // A study that is not noted in the folder of remember_in() may be a stranger's. Where it has options of the user's
  // own that choose more than the default does (another sandbox than bubblewrap, plugins, isolation in-process, an
  // llm_base_url, literature, a literature_store), each must have the same value in this Scientist's options or in
  // `how.again`, or the host says that the study is trusted. Else FAILED_PRECONDITION names them, before anything is
  // loaded, run or sent. INVALID_ARGUMENT when `how.again` says otherwise than the study, whoever began it.
  Result<Study> resume(const std::filesystem::path& output_dir, const ResumeOptions& how = {});

  // start() and wait() in one.
  Result<StudyResult> run(const std::string& research_question, const std::filesystem::path& output_dir);

 private:
  Options options_;
  std::shared_ptr<Registry> registry_;
  std::filesystem::path state_folder_;
};

// The name that users of other systems look for.
using AIScientist = Scientist;

}  // namespace aisci
