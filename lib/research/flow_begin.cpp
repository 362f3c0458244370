// The first steps: what was asked, what is known, the data, the first hypotheses.
#include <algorithm>
#include <thread>

#include "aisci/version.h"
#include "base/files.hpp"
#include "base/text.hpp"
#include "literature/nearness.hpp"
#include "research/flow.hpp"
#include "research/model_access.hpp"
#include "research/packages.hpp"
#include "research/study_facts.hpp"
#include "research/taken.hpp"

namespace aisci {
namespace {

constexpr int kRecordsPerQuery = 10;

// The level of a factor that the study's usual setting has, where a condition names it ({"factor", "levels"}).
std::optional<json::value> level_set(const json::object& manifest, const json::object& scope,
                                     const json::object& condition) {
  const std::string factor = text_of(condition, "factor");
  const json::value* level = object_of(scope, "context").if_contains(factor);
  if (!level)
    level = object_of(object_of(manifest, "factors"), factor).empty()
                ? nullptr
                : &member(object_of(object_of(manifest, "factors"), factor), "default");
  const auto& levels = array_of(condition, "levels");
  if (!level || std::find(levels.begin(), levels.end(), *level) == levels.end()) return std::nullopt;
  return *level;
}

// Why a record is about what the template says that its studies are not about: {"theme", "unless"}, one theme without
// another, or, of one record, {"factor", "level"}, with which what it is about does not occur. Nothing where it is not.
std::optional<json::object> about_else(const json::object& manifest, const json::object& scope,
                                       const json::object& record) {
  const auto themes = texts_of(record, "themes");
  const auto has_theme = [&](const std::string& wanted) {
    return std::find(themes.begin(), themes.end(), wanted) != themes.end();
  };
  for (const auto& value : array_of(manifest, "not_about")) {
    if (!value.is_object()) continue;
    const auto& other = value.get_object();
    if (other.contains("key")) {
      const auto& with = object_of(other, "with");
      const auto level = level_set(manifest, scope, with);
      if (level && text_of(other, "key") == text_of(record, "key"))
        return json::object{{"factor", text_of(with, "factor")}, {"level", *level}};
    } else if (has_theme(text_of(other, "theme")) && !has_theme(text_of(other, "unless"))) {
      return json::object{{"theme", text_of(other, "theme")}, {"unless", text_of(other, "unless")}};
    }
  }
  return std::nullopt;
}

// The paper prints how many examples the template says that each split has; prepare.py says how many it left.
std::optional<Finding> false_split(const json::object& manifest, const std::filesystem::path& data) {
  const auto text = read_file(data / "splits.json");
  const auto left = text.ok() ? parse_json_object(*text, "data/splits.json") : Result<json::object>{text.status()};
  if (!left.ok()) return std::nullopt;  // not every template leaves one
  const auto& counts = object_of(*left, "counts");
  for (const auto& split : object_of(object_of(manifest, "dataset"), "splits")) {
    const auto& count = member(counts, split.key());
    if (count.is_number() && !equal_documents(split.value(), count))
      return Finding{"data/splits.json, " + std::string{split.key()}, canonical(split.value()), canonical(count)};
  }
  return std::nullopt;
}

}  // namespace

Flow::Flow(std::filesystem::path folder, std::string question, Options options, const Crew& crew, Recorder& recorder,
           FlowControl& control)
    : folder_{std::move(folder)}, options_{std::move(options)}, crew_{crew}, recorder_{recorder}, control_{control} {
  view_.question = std::move(question);
  view_.seed = options_.seed.value_or(0);
}

// What an agent answered, or a stranger's ledger holds, may be none of what the steps were made for.
Result<StudyResult> Flow::run() try {
  for (const auto step : {&Flow::begin, &Flow::understand, &Flow::read_literature, &Flow::prepare_data, &Flow::propose,
                          &Flow::search, &Flow::lock_claims, &Flow::confirm, &Flow::analyse, &Flow::draw_figures,
                          &Flow::write_paper, &Flow::review_paper}) {
    if (control_.cancelled) return cancelled("the study was cancelled; aisci resume continues it");
    AISCI_RETURN_IF_ERROR((this->*step)());
  }
  StudyResult result;
  AISCI_RETURN_IF_ERROR(finish(result));
  return result;
} catch (const std::exception& thrown) {
  return internal_error(std::string{"the study cannot go on from what is recorded of it: "} + thrown.what());
}

Node* Flow::find_node(const std::string& id) {
  for (auto& node : view_.nodes)
    if (node.id == id) return &node;
  return nullptr;
}

int slots_of(const Options& options) {
  if (options.parallel_experiments > 0) return options.parallel_experiments;
  return static_cast<int>(std::min(4u, std::max(1u, std::thread::hardware_concurrency())));
}

int Flow::parallel() const { return slots_of(options_); }

void Flow::tell(const std::string& line, double progress) {
  progress_ = std::max(progress_, progress);
  control_.tell(line, progress_);
}

std::string Flow::shown(std::string_view text) const {
  if (text.find("{{") == std::string_view::npos) return std::string{text};
  std::vector<std::string> ignored;
  Referents referents = referents_of(view_);
  for (const auto& figure : view_.figures)
    referents.figures.emplace(text_of(figure, "id"), static_cast<int>(referents.figures.size()) + 1);
  return plain(resolve(text, referents, "text", ignored));
}

Result<json::object> Flow::act(std::string_view task, const json::object& input) {
  auto output = crew_.act(task, input);
  if (!output.ok()) return output.status().with_context(task);
  return output;
}

Status Flow::begin() {
  const json::object made{{"question", view_.question},
                          {"options", to_toml(options_)},
                          {"seed", std::to_string(view_.seed)},
                          {"aisci", AISCI_VERSION_STRING},
                          {"crew", crew_.description}};
  AISCI_ASSIGN_OR_RETURN(const json::object created, recorder_.note("study.created", "study", made));
  view_.aisci = text_of(created, "aisci");
  return {};
}

// What will be studied, with the templates there are. A model may say that an experiment has to be written: then there
// is one template, and the question is read again.
Result<json::object> Flow::read_question() {
  AISCI_ASSIGN_OR_RETURN(templates_, offered_templates());
  json::object input{{"question", view_.question}, {"templates", templates_}};
  const bool open = written_.empty() && options_.template_folder.empty() && data_.empty();
  if (open && options_.llm_provider != kOffline) input["free"] = true;
  return act("ideation.scope", input);
}

Status Flow::understand() {
  tell("reading the question", 0.0);
  AISCI_RETURN_IF_ERROR(take_template());
  AISCI_RETURN_IF_ERROR(take_data());
  if (options_.template_folder == kFreeTemplate) AISCI_RETURN_IF_ERROR(write_template());
  AISCI_ASSIGN_OR_RETURN(view_.scope, read_question());
  if (written_.empty() && text_of(view_.scope, "template") == kFreeTemplate) {
    AISCI_RETURN_IF_ERROR(write_template());
    AISCI_ASSIGN_OR_RETURN(view_.scope, read_question());
  }
  if (!flag_of(view_.scope, "answerable")) {
    AISCI_RETURN_IF_ERROR(recorder_.derive("study.refused", "study", view_.scope));
    std::string message = text_of(view_.scope, "reason", "no template can answer this question");
    const auto can = texts_of(view_.scope, "can_study");
    if (!can.empty()) message += "\nWhat can be studied:\n  - " + join(can, "\n  - ");
    return not_found(message);
  }
  for (const auto& manifest : templates_)
    if (manifest.is_object() && text_of(manifest.get_object(), "name") == text_of(view_.scope, "template"))
      view_.template_document = manifest.get_object();
  if (view_.template_document.empty())
    return internal_error("ideation chose a template that design does not have: " + text_of(view_.scope, "template"));
  AISCI_RETURN_IF_ERROR(check_environment());
  tell("understood as: " + shown(text_of(view_.scope, "restated")), 0.01);
  return recorder_.derive("scope.decided", "study", view_.scope);
}

// Before any work: what the chosen template's programs import. A study that is under way has had it.
Status Flow::check_environment() {
  AISCI_ASSIGN_OR_RETURN(const auto decided, recorder_.recorded("scope.decided", "study"));
  if (decided || recorder_.verifying()) return {};
  const auto& packages = object_of(object_of(view_.template_document, "environment"), "packages");
  AISCI_ASSIGN_OR_RETURN(const auto missing, crew_.missing_packages(packages));
  if (missing.empty()) return {};
  return failed_precondition("the template " + text_of(view_.template_document, "name") +
                             " needs Python packages that are missing: " + join(missing, ", ") + "; " +
                             kEnvironmentRemedy);
}

Status Flow::read_literature() {
  tell("reading the literature", 0.01);
  AISCI_ASSIGN_OR_RETURN(
      const json::object read, recorder_.outcome("literature.read", "study", [&]() -> Result<json::object> {
        json::array records, set_aside;
        std::set<std::string> keys;
        std::vector<json::object> elsewhere;  // what may still come from another query with more themes
        for (const auto& query : texts_of(view_.scope, "queries")) {
          AISCI_ASSIGN_OR_RETURN(const auto found, crew_.search(query, kRecordsPerQuery));
          for (auto record : found) {
            const std::string key = text_of(record, "key");
            if (auto because = about_else(view_.template_document, view_.scope, record)) {
              record["because"] = std::move(*because);
              elsewhere.push_back(std::move(record));
            } else if (keys.insert(key).second) {
              records.push_back(std::move(record));
            }
          }
        }
        for (auto& record : elsewhere)
          if (const std::string key = text_of(record, "key"); !key.empty() && keys.insert(key).second)
            set_aside.push_back(std::move(record));
        json::object out{{"count", records.size()}, {"queries", array_of(view_.scope, "queries")}};
        AISCI_ASSIGN_OR_RETURN(out["records"], recorder_.put(canonical(records)));
        if (!set_aside.empty()) {
          AISCI_ASSIGN_OR_RETURN(out["set_aside"], recorder_.put(canonical(set_aside)));
        }
        return out;
      }));
  AISCI_RETURN_IF_ERROR(take_records(text_of(read, "records"), view_.records));
  if (read.contains("set_aside")) AISCI_RETURN_IF_ERROR(take_records(text_of(read, "set_aside"), view_.set_aside));
  tell(std::to_string(view_.records.size()) + " papers found" +
           (view_.set_aside.empty() ? ""
                                    : ", " + std::to_string(view_.set_aside.size()) + " on something else set aside"),
       0.02);
  return {};
}

Status Flow::take_records(const std::string& document, std::vector<json::object>& records) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, recorder_.get(document));
  AISCI_ASSIGN_OR_RETURN(const json::value list, parse_json(text, "the literature records"));
  if (list.is_array())
    for (const auto& record : list.get_array())
      if (record.is_object()) records.push_back(record.get_object());
  return {};
}

// Runs a template's own program, which may see the data sets that libraries ship, in a new folder below `runs`.
Result<RunOutcome> Flow::run_prepare(const json::object& prepare, const std::filesystem::path& runs,
                                     const std::string& id, std::filesystem::path& run) {
  return run_through(id, [&]() -> Result<RunRequest> {
    RunRequest request;
    request.id = id;
    int attempt = 1;
    std::error_code error;
    do request.folder = runs / ("r" + std::to_string(attempt++));
    while (std::filesystem::exists(request.folder, error));
    request.program = texts_of(prepare, "program");
    request.wall_seconds = 600;
    request.evaluator = data_.empty();  // own data stand in for those of libraries
    if (!data_.empty()) request.data = folder_ / kSourceFolder;
    for (const auto& file : object_of(prepare, "code"))
      AISCI_RETURN_IF_ERROR(
          write_below(request.folder / "job", file.key(), text_of(object_of(prepare, "code"), file.key())));
    AISCI_RETURN_IF_ERROR(make_folders(request.folder / "results"));
    run = request.folder;
    return request;
  });
}

Status Flow::make_data() {
  json::object request_for = design_input();
  request_for["template"] = view_.template_document;
  AISCI_ASSIGN_OR_RETURN(const json::object prepare, act("design.prepare", request_for));
  std::filesystem::path run;
  AISCI_ASSIGN_OR_RETURN(const RunOutcome outcome, run_prepare(prepare, folder_ / "data-runs", "data", run));
  if (!outcome.clean()) return failed_precondition("preparing the data set failed: " + describe(outcome));
  AISCI_RETURN_IF_ERROR(copy_tree(run / "results", folder_ / "data"));
  std::error_code error;
  std::filesystem::remove_all(folder_ / "data-runs", error);
  return {};
}

Result<bool> Flow::data_intact() const {
  AISCI_ASSIGN_OR_RETURN(const auto prepared, recorder_.recorded("data.prepared", "study"));
  return prepared && equal_documents(object_of(*prepared, "files"), hashes_below(folder_ / "data"));
}

// Data that are not what was recorded are prepared again; what the same program makes must then have the same hashes.
Status Flow::check_data() {
  AISCI_ASSIGN_OR_RETURN(const bool intact, data_intact());
  if (intact) return {};
  tell("the prepared data are not what was recorded: preparing them again", progress_);
  AISCI_ASSIGN_OR_RETURN(const auto prepared, recorder_.recorded("data.prepared", "study"));
  const json::object files = prepared ? object_of(*prepared, "files") : json::object{};
  std::error_code error;
  for (const auto& entry : hashes_below(folder_ / "data"))
    if (!files.contains(entry.key())) std::filesystem::remove(folder_ / "data" / std::string{entry.key()}, error);
  AISCI_RETURN_IF_ERROR(make_data());
  const json::object found = hashes_below(folder_ / "data");
  if (equal_documents(files, found)) return {};
  return data_loss("the prepared data were changed, and preparing them again gives others: " +
                   first_difference(files, found, "data").place);
}

Status Flow::prepare_data() {
  tell("preparing the data", 0.02);
  AISCI_ASSIGN_OR_RETURN(const json::object prepared,
                         recorder_.outcome(
                             "data.prepared", "study",
                             [&]() -> Result<json::object> {
                               AISCI_RETURN_IF_ERROR(make_data());
                               return json::object{{"files", hashes_below(folder_ / "data")}};
                             },
                             true));
  if (!recorder_.verifying()) {
    AISCI_RETURN_IF_ERROR(check_data());
    if (const auto wrong = false_split(view_.template_document, folder_ / "data"))
      return failed_precondition(wrong->place + ": the template says " + wrong->expected + " and prepare.py left " +
                                 wrong->found + "; make dataset.splits in template.json say what prepare.py leaves");
    return {};
  }
  if (auto wrong = false_split(view_.template_document, folder_ / "data")) recorder_.report(std::move(*wrong));
  const json::object found = hashes_below(folder_ / "data");
  if (!equal_documents(object_of(prepared, "files"), found))
    recorder_.report(first_difference(object_of(prepared, "files"), found, "data"));
  return {};
}

bool Flow::published(json::object& hypothesis) {
  const std::string statement = shown(text_of(hypothesis, "statement"));
  const auto novelty = novelty_of(statement, view_.records);
  if (!novelty) return false;
  hypothesis["novelty"] = novelty->value;
  if (novelty->value >= kPublished) return false;
  published_.push_back(json::object{{"statement", statement}, {"key", novelty->nearest}});
  tell("left out, as " + novelty->nearest + " states it (\"" + novelty->statement + "\"): " + statement, 0);
  return true;
}

Status Flow::propose() {
  tell("proposing hypotheses", 0.03);
  json::array records;
  for (const auto& record : view_.records) records.push_back(record);
  AISCI_ASSIGN_OR_RETURN(const json::object proposed,
                         act("ideation.hypotheses", {{"question", view_.question},
                                                     {"scope", view_.scope},
                                                     {"template", view_.template_document},
                                                     {"records", std::move(records)},
                                                     {"count", options_.initial_hypotheses}}));
  const auto& list = array_of(proposed, "hypotheses");
  if (list.empty()) return internal_error("ideation proposed no hypothesis");
  json::array statements;
  for (const auto& value : list) {
    if (!value.is_object()) continue;
    statements.push_back(member(value.get_object(), "statement"));
    view_.proposed.insert(text_of(value.get_object(), "statement"));
    view_.proposed_first.insert(text_of(value.get_object(), "statement"));
    json::object hypothesis = value.get_object();
    if (static_cast<int>(waiting_.size()) >= options_.initial_hypotheses_kept || published(hypothesis)) continue;
    waiting_.push_back(std::move(hypothesis));
  }
  if (waiting_.empty())
    return not_found("every hypothesis on this question is published already; ask for what the papers leave open");
  const auto kept = waiting_.size();
  tell(std::to_string(list.size()) + " hypotheses, " + std::to_string(kept) + " kept", 0.04);
  json::object body{{"statements", std::move(statements)}, {"kept", kept}};
  if (!published_.empty()) body["published"] = published_;
  return recorder_.derive("hypotheses.proposed", "study", body);
}

}  // namespace aisci
