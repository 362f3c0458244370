// The method: data, models, set-up and outcome.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Clauses of a rule that hold no digit.
std::string printable_clauses(const std::string& rule) {
  std::vector<std::string> clauses;
  for (std::size_t at = 0; at <= rule.size();) {
    const auto end = std::min(rule.find(';', at), rule.size());
    std::string clause = without_stop(rule.substr(at, end - at));
    clause.erase(0, std::min(clause.find_first_not_of(' '), clause.size()));
    if (!clause.empty() && !has_digit(clause)) clauses.push_back(clause);
    at = end + 1;
  }
  return listed(clauses, "; ");
}

// Who uses which part of the data.
std::string splits_text(const Study& study) {
  const Terms terms = study.terms();
  std::string text =
      " The data were divided once, before anything was " + terms.trained + ": {{template.train}} " + terms.examples;
  if (study.on_training_data())
    return text + " that the " + terms.subjects + " are " + terms.trained +
           " on, where the outcome is measured as well; {{template.validation}} for validation and "
           "{{template.confirmation}} for confirmation are kept for outcomes on unseen " +
           terms.examples + ", and " + study.metric_title() + " is not measured on them";
  return text +
         (study.data_factor().empty()
              ? " that all " + terms.subjects + " are " + terms.trained + " on"
              : std::string{" from which training subsets are drawn, in search and confirmation alike"}) +
         ", {{template.validation}} on which the search scores its " + terms.subjects +
         ", and {{template.confirmation}} for confirmation";
}

std::string data_text(Author& author) {
  const Study& study = author.study;
  const auto& dataset = object_of(study.manifest(), "dataset");
  const bool own = study.has_fact("template.sha256");
  std::string name =
      own ? "the table {{template.file}}, given with the question" : first_clause(text_of(dataset, "title"));
  if (name.empty()) name = study.data_name();
  if (name.rfind("The ", 0) == 0) name[0] = 't';
  std::string text =
      (name.empty() ? "The data" : "The data set is " + name) + author.cite({text_of(dataset, "citation")});
  const auto& from = object_of(dataset, "taken_from");
  const bool taken = !own && !name.empty() && !from.empty();
  if (taken) text += ", taken from " + text_of(from, "title") + author.cite({text_of(from, "citation")});
  if (study.has_fact("template.examples"))
    text += std::string{name.empty() ? " are"
                        : taken      ? ", with"
                                     : ","} +
            (own ? " with" : "") + " {{template.examples}} " + study.terms().examples +
            (study.has_fact("template.classes") ? " in {{template.classes}} classes" : "");
  text += study.has_fact("template.target") ? "; the column to predict is {{template.target}}." : ".";
  text += details_at(author, "data");
  if (study.has_fact("template.train") && study.has_fact("template.validation") &&
      study.has_fact("template.confirmation")) {
    text += splits_text(study);
    const std::string rule = printable_clauses(text_of(dataset, "split_rule"));
    text += rule.empty() ? "." : "; " + rule + ".";
  }
  // Without counts the rule is all there is to say of the splits.
  if (const std::string rule = printable_clauses(text_of(dataset, "split_rule"));
      !study.has_fact("template.train") && !rule.empty())
    text += " What is kept from the search, by the template's own account: " + rule + ".";
  if (own) text += " The SHA-256 hash of the file is {{template.sha256}}.";
  if (text_of(study.metric(), "scored_by") == "host")
    text +=
        " Each trial hands in predictions, which are scored outside its sandbox against labels that no experiment can "
        "read.";
  else if (text_of(study.metric(), "scored_by") == "program")
    text += " The outcome is what the program of a trial reports; nothing outside its sandbox measures it again.";
  return text;
}

// Levels of a factor beside its usual one that the experiments set.
std::string other_levels(const Study& study, const std::string& factor, const std::string& usual) {
  std::set<std::string> seen;
  for (const auto& node : study.nodes())
    for (const auto* arm : objects_of(*node.plan, "arms"))
      if (const json::value* level = object_of(*arm, "config").if_contains(factor)) seen.insert(level_name(*level));
  std::vector<std::string> shown;
  for (const auto& level : level_names(factor_in(study.manifest(), factor)))
    if (level != usual && seen.count(level)) shown.push_back(level_reference(study.manifest(), factor, level));
  return listed(shown, ", ");
}

// The levels of one factor by which the arms have either of two numbers of parameters: "no normalisation", "batch
// normalisation". Empty where no one factor tells them apart.
std::vector<std::string> what_sets_parameters(const Study& study) {
  std::map<std::string, std::map<double, std::set<std::string>>> levels;  // of each factor, by number of parameters
  for (const auto* entries : {&study.nodes(), &study.claims()})
    for (const auto& entry : *entries)
      for (const auto* arm : objects_of(*entry.plan, "arms")) {
        const std::string fact = entry.id + "." + text_of(*arm, "id") + ".parameters";
        if (!study.has_fact(fact)) continue;
        for (const auto& [key, value] : object_of(*arm, "config"))
          levels[std::string{key}][number_of(study.fact(fact), "value")].insert(level_name(value));
      }
  for (const auto& [factor, by_size] : levels)
    if (by_size.size() == 2 && by_size.begin()->second.size() == 1 && by_size.rbegin()->second.size() == 1 &&
        by_size.begin()->second != by_size.rbegin()->second)
      return {told_level(study.manifest(), factor, *by_size.begin()->second.begin()),
              told_level(study.manifest(), factor, *by_size.rbegin()->second.begin())};
  return {};
}

json::object setup_table(const Study& study) {
  json::array rows;
  bool combines = false, names = false;  // what the question does to the template's levels
  for (const auto& [key, value] : object_of(study.manifest(), "factors")) {
    const std::string name{key}, usual = study.usual_level(name);
    if (usual.empty() || !value.is_object() || !study.acts_somewhere(name)) continue;
    if (usual != default_level(study.manifest(), name))
      (study.stacked() && !study.off_in_stack(name).empty() ? combines : names) = true;
    const std::string levels = other_levels(study, name, usual), title = text_of(value.get_object(), "title", name);
    if (!has_digit(title))
      rows.push_back(json::array{
          title, level_reference(study.manifest(), name, usual) + (levels.empty() ? "" : "; also " + levels)});
  }
  for (const auto& [key, value] : object_of(study.manifest(), "facts")) {
    const std::string title = value.is_object() ? text_of(value.get_object(), "title", key) : std::string{key};
    if (study.has_fact("template." + std::string{key}) && !has_digit(title) &&
        text_of(study.fact("template." + std::string{key}), "kind") != "text" &&  // which the details say
        study.acts_somewhere(std::string{key}))
      rows.push_back(json::array{title, "{{template." + std::string{key} + "}}"});
  }
  if (study.has_fact("study.least_parameters")) {
    const auto one = [&](const std::string& of) {
      return study.has_fact("study.most_" + of) &&
             number_of(study.fact("study.least_" + of), "value") == number_of(study.fact("study.most_" + of), "value");
    };
    std::set<double> sizes = sizes_of_models(study, study.nodes());
    sizes.merge(sizes_of_models(study, study.claims()));
    const auto ends = [&](const char* fact) { return number_of(study.fact(fact), "value"); };  // a late node's, too
    const bool two = sizes.size() == 2 && *sizes.begin() == ends("study.least_parameters") &&
                     *sizes.rbegin() == ends("study.most_parameters");
    const auto by = two ? what_sets_parameters(study) : std::vector<std::string>{};
    rows.push_back(json::array{
        "trainable parameters",
        one("parameters") ? "{{study.most_parameters}}"
        : !by.empty()
            ? "{{study.least_parameters}} with " + by.front() + ", {{study.most_parameters}} with " + by.back()
        : two                       ? "{{study.least_parameters}} or {{study.most_parameters}} over all arms"
        : one("claimed_parameters") ? "{{study.most_claimed_parameters}} in the claims; {{study.least_parameters}} to "
                                      "{{study.most_parameters}} over all arms"
                                    : "{{study.least_parameters}} to {{study.most_parameters}} over all arms"});
  }
  return table_block(
      "setup",
      "The set-up. The value holds unless a comparison names another; behind “also” are the other levels that "
      "the experiments of this study set. All values are the template's" +
          std::string{combines && names ? ", except what the question names or combines."
                      : combines        ? ", except what the question combines."
                      : names           ? ", except what the question names."
                                        : "."},
      {"Part of the set-up", "Usual value"}, std::move(rows));
}

std::string plan_sentence(const Study& study, const char* member) {
  for (const auto& node : study.nodes())
    if (const std::string text = text_of(*node.plan, member);
        !text.empty() && !has_digit(text) && text.find(' ') != std::string::npos)
      return without_stop(text) + ".";
  return {};
}

// Programs that a model wrote for this study: what they had to pass before anything counted.
std::string rehearsal_text(const Study& study) {
  if (!is_written(study)) return {};
  return "The programs that prepare the data and run the trials were written by a model for this question. Before "
         "the search they were rehearsed in the sandbox, with seeds that the study does not use: every level of every "
         "factor had to run, two seeds had to differ, the same seed had to give the same result, and the confirmation "
         "had to have inputs of its own." +
         (study.has_fact("study.failed_rehearsals") && number_of(study.fact("study.failed_rehearsals"), "value") > 0
              ? " The number of versions that failed before one passed is {{study.failed_rehearsals}}."
              : std::string{" The first version passed."});
}

// Whether the study's experiments ran more than one kind of model.
bool model_varied(const Study& study) {
  const std::string role = factor_with_role(study.manifest(), "model");
  std::set<std::string> levels;
  for (const auto& node : study.nodes())
    for (const auto* arm : objects_of(*node.plan, "arms"))
      if (const auto* level = object_of(*arm, "config").if_contains(role)) levels.insert(level_name(*level));
  return levels.size() > 1;
}

// One arm has two names where a comparison of one factor names the part by its level; with the part of a node as the
// example.
std::string alone_by_level(const Study& study, const Entry& whole) {
  for (const auto* arm : objects_of(*whole.plan, "arms"))
    if (const json::value* level = object_of(*arm, "config").if_contains(whole.part))
      return "; where no other factor is changed, the same " + study.terms().subject + " is listed under its value (“" +
             study.layer_title(whole.part) + " alone” as " +
             level_phrase(study.manifest(), whole.part, level_name(*level)) + ")";
  return {};
}

// What the template has where the question's parts are off: "; the template's own defaults are layer normalisation and
// weight decay 0.05".
std::string defaults_of_parts(const Study& study) {
  std::vector<std::string> defaults;
  for (const auto& [key, value] : object_of(study.manifest(), "factors")) {
    const std::string name{key}, off = study.off_in_stack(name), given = default_level(study.manifest(), name);
    if (!off.empty() && off != given) defaults.push_back(level_phrase(study.manifest(), name, given));
  }
  return defaults.empty() ? std::string{}
                          : "; the template's own default" + std::string{defaults.size() == 1 ? " is " : "s are "} +
                                listed(defaults);
}

// What the whole of a stack and its parts are, and in what arms of such comparisons differ; empty without any.
std::string whole_and_parts(const Study& study) {
  const auto it =
      std::find_if(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return node.whole(); });
  if (it == study.nodes().end()) return {};
  return " Below, “" + called_in(*it->hypothesis, true) + "” means " + whole_in_levels(study, true) +
         ", and “alone” one of them with the others off" + alone_by_level(study, *it) +
         ". Those of them that a comparison does not name are off" + defaults_of_parts(study) +
         ". The whole and one part alone differ in the other parts. Arms of a comparison "
         "of one factor differ in that factor; "
         "those of an interaction differ in the "
         "condition as well. Nothing else differs.";
}

// The software that papers of these keys present, as their titles name it before a colon; else "published software".
std::string programs(const Study& study, const std::vector<std::string>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) {
    const json::object* record = study.record(key);
    const std::string title = record ? text_of(*record, "title") : std::string{};
    const std::size_t colon = title.find(':');
    if (colon == std::string::npos || has_digit(title.substr(0, colon))) return "published software";
    std::string name = title.substr(0, colon);
    if (name == capitalised(fold(name))) name = fold(name);  // no capital but the first one: that of a title
    names.push_back(std::move(name));
  }
  return listed(names);
}

}  // namespace

json::object method(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  blocks.push_back(paragraph(data_text(author)));
  if (const std::string rehearsed = rehearsal_text(study); !rehearsed.empty()) blocks.push_back(paragraph(rehearsed));
  const Terms terms = study.terms();
  std::string networks =
      "Each experiment is made from one template, a program with settings; what is planned and measured goes into a "
      "ledger that is only added to. {{table:setup}} lists what " +
      article(terms.subject) + " " + terms.subject + " is and how it is " + terms.trained;
  const auto published = texts_of(study.manifest(), "software");
  const std::string software = author.cite(published);
  networks += software.empty() ? "." : "; the trials use " + programs(study, published) + software + ".";
  if (const json::value* model = study.fixed_model()) {
    const auto& factor = factor_in(study.manifest(), factor_with_role(study.manifest(), "model"));
    std::vector<std::string> described;
    for (const auto& word : level_words(factor, level_name(*model)))
      for (const auto& key : author.with_theme({word}))
        if (contains(texts_of(factor, "records"), key) && !contains(described, key)) described.push_back(key);
    networks += " The " + text_of(factor, "title", "model") + " is " + whose(study) + author.cite(described) +
                (model_varied(study) ? " unless a comparison names another." : " throughout.");
  }
  const bool interactions =
      std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return node.interaction; });
  const std::string whole = whole_and_parts(study);
  networks += !whole.empty() ? whole
              : interactions
                  ? " Arms of one comparison differ in the factor that is compared and in nothing else; those of an "
                    "interaction differ in the condition as well."
                  : " Arms of one comparison differ in the factor that is compared and in nothing else.";
  if (const std::string tuning = plan_sentence(study, "tuning"); !tuning.empty()) networks += " " + tuning;
  blocks.push_back(paragraph(networks));
  auto details = details_of_setup(author, false);
  if (!details.empty() && !details_of_setup(author, true).empty())
    details.back() += " Kinds of model that no claim is on are described in the appendix.";
  for (auto& text : details) blocks.push_back(paragraph(std::move(text)));
  blocks.push_back(setup_table(study));
  std::string outcome = "The outcome is " + study.metric_title() + ", taken once at the end of a trial";
  if (study.lower_is_better()) outcome += "; small is good";
  outcome += !study.has_fact("template.chance") ? "."
             : can_be_guessed(study.metric())   ? "; guessing, without a model, scores {{template.chance}}" +
                                                    std::string{study.on_training_data() ? "." : " over all the data."}
                                              : "; a trial that diverges counts as {{template.chance}}.";
  outcome += details_at(author, "outcome");
  if (const std::string divergence = plan_sentence(study, "divergence"); !divergence.empty())
    outcome += " " + divergence;
  if (const std::string population = first_clause(text_of(study.manifest(), "population")); !population.empty())
    outcome += " The findings are about " + population + ", and hold in the " +
               (study.claims().size() == 1 ? "setting of the claim" : "settings of the claims") +
               "; other settings were at most explored.";
  blocks.push_back(paragraph(outcome));
  return section("method", "Method", std::move(blocks));
}

}  // namespace aisci::offline
