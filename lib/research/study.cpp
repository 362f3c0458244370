#include <aisci/registry.hpp>
#include <aisci/scientist.hpp>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <random>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "ledger/ledger.hpp"
#include "research/begun.hpp"
#include "research/cost.hpp"
#include "research/flow.hpp"
#include "research/library.hpp"
#include "research/model_access.hpp"
#include "research/plain_study.hpp"
#include "research/plugin_crew.hpp"
#include "research/refused_study.hpp"
#include "research/search_tree.hpp"
#include "research/study_gpus.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLongestQuestion = 20000;

// What a person sees of an event.
std::string message_of(const Event& event) {
  const std::string what = event.type + (event.key == "study" ? "" : " " + event.key);
  for (const char* member_name : {"verdict", "state", "by", "failure"}) {
    if (const std::string text = text_of(event.body, member_name); !text.empty()) return what + ": " + text;
  }
  return what;
}

}  // namespace

const char* to_string(StudyState state) noexcept {
  switch (state) {
    case StudyState::kRunning:
      return "running";
    case StudyState::kPaused:
      return "paused";
    case StudyState::kCompleted:
      return "completed";
    case StudyState::kFailed:
      return "failed";
    case StudyState::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

// Everything a running study owns, and the thread that runs its flow.
class Study::Running {
 public:
  static Result<std::unique_ptr<Running>> create(fs::path folder, std::string question, Options options,
                                                 std::shared_ptr<Registry> given, const StudyGpus& gpus,
                                                 const fs::path& noted_in = {}) {
    std::unique_ptr<Running> running{new Running};
    running->options_ = options;
    if (has_own_options(options)) running->noted_in_ = noted_in;
    AISCI_ASSIGN_OR_RETURN(running->ledger_, Ledger::open_for_writing(folder / "study.db"));
    AISCI_ASSIGN_OR_RETURN(running->registry_, open_registry(options, std::move(given)));
    AISCI_ASSIGN_OR_RETURN(const fs::path python, experiment_python());
    AISCI_ASSIGN_OR_RETURN(running->tasks_, make_model_tasks(
                                                options, *running->registry_, *running->ledger_,
                                                [raw = running.get()] { return raw->control_.cancelled.load(); },
                                                [raw = running.get()](const std::string& line) {
                                                  raw->publish({"progress", "", line, 0, ""});
                                                }));
    AISCI_ASSIGN_OR_RETURN(running->crew_,
                           make_crew(options, running->registry_, *running->tasks_, python,
                                     {*running->ledger_, true,
                                      [raw = running.get()](const std::string& type, const std::string& component,
                                                            const std::string& line) {
                                        raw->publish({type, component, line, 0, ""});
                                      }}));
    running->recorder_ =
        std::make_unique<Recorder>(*running->ledger_, [raw = running.get()](const Event& event) { raw->told(event); });
    running->connect();
    running->flow_ = std::make_unique<Flow>(std::move(folder), std::move(question), std::move(options), running->crew_,
                                            *running->recorder_, running->control_);
    running->tell_of(gpus);
    running->thread_ = std::thread{[raw = running.get()] { raw->run(); }};
    return running;
  }

  void tell_of(const StudyGpus& study) {
    for (const auto& gpu : study.gpus)
      publish({"log", "gpus", "for experiments that can use one: " + describe(gpu), 0, ""});
    if (!study.note.empty()) publish({"log", "gpus", study.note, 0, ""});
  }

  ~Running() {
    cancel();
    if (thread_.joinable()) thread_.join();
  }

  void on_event(EventCallback callback) {
    std::lock_guard telling{telling_};
    for (const auto& event : past_) callback(event);
    callbacks_.push_back(std::move(callback));
  }
  StudyState state() {
    std::lock_guard lock{mutex_};
    if (result_.state == StudyState::kRunning && paused_) return StudyState::kPaused;
    return result_.state;
  }
  double progress() const { return progress_; }
  const Options& options() const { return options_; }
  void pause(bool paused) {
    std::lock_guard lock{mutex_};
    paused_ = paused;
    changed_.notify_all();
  }
  void cancel() {
    control_.cancelled = true;
    std::lock_guard lock{mutex_};
    changed_.notify_all();
  }
  Status steer(const Steering& steering) {
    if (!steering.hypothesis.empty())
      AISCI_RETURN_IF_ERROR(parse_json_object(steering.hypothesis, "the hypothesis").status());
    std::lock_guard lock{mutex_};
    if (searched_ || result_.state != StudyState::kRunning)
      return failed_precondition("the search of this study is over");
    steering_.push_back(steering);
    return {};
  }
  const StudyResult& wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return result_.state != StudyState::kRunning; });
    return result_;
  }

 private:
  Running() = default;

  void connect() {
    control_.wait_while_paused = [this] {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return !paused_ || control_.cancelled; });
    };
    control_.take_steering = [this] {
      std::lock_guard lock{mutex_};
      return std::exchange(steering_, {});
    };
    control_.tell = [this](const std::string& line, double progress) { publish({"progress", "", line, progress, ""}); };
  }

  // resume() then asks for nothing that was given here.
  void note(const Event& created) {
    if (const Status noted = note_begun(noted_in_, created); !noted.ok())
      publish({"log", "study", "warning: resuming it will need its options again: " + noted.message(), 0, ""});
  }

  void told(const Event& event) {
    if (event.type == "study.created" && !noted_in_.empty()) note(event);
    if (event.type == "search.ended") {
      std::lock_guard lock{mutex_};
      searched_ = true;
    }
    publish({event.type, event.key, message_of(event), 0, json::serialize(event.body)});
  }

  // One at a time, from the study's thread or a worker's; progress never falls.
  void publish(StudyEvent event) {
    std::lock_guard telling{telling_};
    event.progress = progress_ = std::max(progress_.load(), event.progress);
    if (event.type != "progress") past_.push_back(event);
    for (const auto& callback : callbacks_) callback(event);
  }

  void run() {
    auto result = flow_->run();
    StudyResult ended;
    if (result.ok()) {
      ended = std::move(*result);
    } else {
      ended.state = control_.cancelled && result.status().code() == StatusCode::kCancelled ? StudyState::kCancelled
                                                                                           : StudyState::kFailed;
      ended.status = result.status();
      ended.head = ledger_->head();
      // Volatile, like times: how a run of aisci over this study ended. A later run continues all the same.
      (void)recorder_->note("run.ended", "after-" + std::to_string(ledger_->size()),
                            {{"state", to_string(ended.state)}, {"reason", ended.status.message()}});
    }
    if (auto cost = cost_of(*ledger_); cost.ok()) ended.paper.cost = *cost;
    std::lock_guard lock{mutex_};
    result_ = std::move(ended);
    changed_.notify_all();
  }

  Options options_;
  fs::path noted_in_;
  std::unique_ptr<Ledger> ledger_;
  std::shared_ptr<Registry> registry_;
  std::unique_ptr<ModelTasks> tasks_;
  Crew crew_;
  std::unique_ptr<Recorder> recorder_;
  FlowControl control_;
  std::unique_ptr<Flow> flow_;

  std::mutex telling_;  // one callback at a time
  std::vector<EventCallback> callbacks_;
  std::vector<StudyEvent> past_;
  std::atomic<double> progress_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool paused_ = false;
  bool searched_ = false;
  std::vector<Steering> steering_;
  StudyResult result_;
  std::thread thread_;
};

Study::Study(std::unique_ptr<Running> running) : running_{std::move(running)} {}
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;
Study::~Study() = default;
void Study::on_event(EventCallback callback) { running_->on_event(std::move(callback)); }
StudyState Study::state() const { return running_->state(); }
double Study::progress() const { return running_->progress(); }
const Options& Study::options() const noexcept { return running_->options(); }
void Study::pause() { running_->pause(true); }
void Study::resume() { running_->pause(false); }
void Study::cancel() { running_->cancel(); }
Status Study::steer(const Steering& steering) { return running_->steer(steering); }
const StudyResult& Study::wait() { return running_->wait(); }

Result<Study> Scientist::start(const std::string& research_question, const fs::path& output_dir) {
  const std::string question = trim(research_question);
  if (question.empty()) return invalid_argument("the research question is empty");
  if (!is_utf8(question)) return invalid_argument("the research question is not UTF-8");
  if (question.size() > kLongestQuestion)
    return invalid_argument("the research question has " + std::to_string(question.size()) + " bytes; at most " +
                            std::to_string(kLongestQuestion) + " are allowed");
  if (output_dir.empty()) return invalid_argument("the study needs a folder, and none is named: choose one with -o");
  AISCI_RETURN_IF_ERROR(check_options(options_));
  // An unknown policy or a wrong path is said before the study begins.
  AISCI_RETURN_IF_ERROR(SearchTree::create(options_, 1).status());
  AISCI_RETURN_IF_ERROR(Library(options_, {}).open());
  std::error_code error;
  bool anew = false;
  if (fs::exists(output_dir / "study.db", error)) {
    AISCI_ASSIGN_OR_RETURN(anew, may_begin_anew(output_dir, options_));
    if (!anew) return already_exists(output_dir.string() + " holds a study; resume it, or choose another folder");
  }
  if (fs::exists(output_dir, error) && !fs::is_directory(output_dir, error))
    return invalid_argument(output_dir.string() + " is not a folder");
  if (!anew && fs::is_directory(output_dir, error) && !fs::is_empty(output_dir, error))
    return already_exists(output_dir.string() + " is not empty and holds no study; choose another folder");
  Options options = options_;
  options.literature = absolute_literature(options.literature);  // resume may be called from elsewhere
  options.plugins = absolute_literature(options.plugins);
  if (!options.seed) options.seed = std::random_device{}() & 0x7fffffff;
  options.parallel_experiments = slots_of(options);  // the tree depends on it: another machine may verify the study
  AISCI_ASSIGN_OR_RETURN(const fs::path python, experiment_python());
  AISCI_ASSIGN_OR_RETURN(const StudyGpus gpus, study_gpus(options, python));
  if (options.gpu_allocation != "none") options.gpu_ids = gpus.ids();  // numbers depend on them: it goes on with these
  const bool fresh = !fs::exists(output_dir, error);
  if (anew) AISCI_RETURN_IF_ERROR(empty_refused(output_dir));  // after all that could refuse this one
  AISCI_RETURN_IF_ERROR(make_folders(output_dir));
  AISCI_RETURN_IF_ERROR(write_file(output_dir / "config.toml", to_toml(options)));
  AISCI_RETURN_IF_ERROR(write_file(output_dir / "question.txt", printable(question, kLongestQuestion) + "\n"));
  auto running = Study::Running::create(output_dir, printable(question, kLongestQuestion), std::move(options),
                                        registry_, gpus, state_folder_);
  if (!running.ok()) {  // nothing was begun: leave the folder as it was found
    for (const char* name : {"config.toml", "question.txt", "study.db", "study.db-wal", "study.db-shm", "study.lock"})
      fs::remove(output_dir / name, error);
    if (fresh) fs::remove(output_dir, error);
    return running.status();
  }
  return Study{std::move(*running)};
}

namespace {

// A study goes on with what it began with: by its ledger, its question and its options do not change. Gives its first
// event; none where it was killed before it began.
Result<std::optional<Event>> check_request(const fs::path& folder) {
  AISCI_ASSIGN_OR_RETURN(const auto ledger, Ledger::open_for_reading(folder / "study.db"));
  AISCI_ASSIGN_OR_RETURN(const auto created, ledger->find("study.created", "study"));
  if (!created) return created;
  for (const auto& [name, expected] : {std::pair{"question.txt", text_of(created->body, "question") + "\n"},
                                       std::pair{"config.toml", text_of(created->body, "options")}})
    if (const auto changed = first_difference_in_file(folder, name, expected))
      return failed_precondition(changed->place + " was changed since the study began (" + changed->expected +
                                 " then, " + changed->found +
                                 " now); put it back to go on, or begin another study with it in another folder");
  return created;
}

}  // namespace

Result<Study> Scientist::resume(const fs::path& output_dir, const ResumeOptions& how) {
  std::error_code error;
  if (!fs::exists(output_dir / "study.db", error)) return not_found(output_dir.string() + " holds no study");
  AISCI_RETURN_IF_ERROR(check_plain(output_dir));
  AISCI_ASSIGN_OR_RETURN(const auto first, check_request(output_dir));
  AISCI_ASSIGN_OR_RETURN(const std::string toml, read_file(output_dir / "config.toml"));
  AISCI_ASSIGN_OR_RETURN(const LoadedOptions loaded, read_options(toml, (output_dir / "config.toml").string()));
  AISCI_ASSIGN_OR_RETURN(const std::string question, read_file(output_dir / "question.txt"));
  AISCI_RETURN_IF_ERROR(check_own_options({output_dir, loaded.options, options_, how, state_folder_, first}));
  Options options = loaded.options;
  const Options defaults;
  if (options_.gpu_allocation != defaults.gpu_allocation) options.gpu_allocation = options_.gpu_allocation;
  if (options_.gpu_ids != defaults.gpu_ids) options.gpu_ids = options_.gpu_ids;
  AISCI_ASSIGN_OR_RETURN(const fs::path python, experiment_python());
  const auto gpus = study_gpus(options, python);
  if (!gpus.ok())
    return Status{gpus.status().code(),
                  gpus.status().message() +
                      "; the study began with it: name others to go on with (--gpus auto takes all "
                      "that there are, none processors), which changes numbers in their last digits"};
  AISCI_ASSIGN_OR_RETURN(auto running,
                         Study::Running::create(output_dir, trim(question), std::move(options), registry_, *gpus));
  return Study{std::move(running)};
}

Result<StudyResult> Scientist::run(const std::string& research_question, const fs::path& output_dir) {
  AISCI_ASSIGN_OR_RETURN(Study study, start(research_question, output_dir));
  const StudyResult& result = study.wait();
  if (result.state != StudyState::kCompleted) return result.status;
  return result;
}

}  // namespace aisci
