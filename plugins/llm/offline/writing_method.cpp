// Method and experimental protocol.
#include <algorithm>
#include <cctype>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// The part of a text before its first comma or bracket, if that can be printed.
std::string leading(const std::string& text) {
  const std::string part = text.substr(0, text.find_first_of(",(;"));
  return has_digit(part) ? std::string{} : without_stop(part);
}

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
         (study.data_factor().empty() ? " that all " + terms.subjects + " are " + terms.trained + " on"
                                      : std::string{" from which training subsets are drawn"}) +
         ", {{template.validation}} on which the search scores its " + terms.subjects +
         ", and {{template.confirmation}} for confirmation";
}

std::string data_text(Author& author) {
  const Study& study = author.study;
  const auto& dataset = object_of(study.manifest(), "dataset");
  const bool own = study.has_fact("template.sha256");
  std::string name = own ? "the table {{template.file}}, given with the question" : leading(text_of(dataset, "title"));
  if (name.empty()) name = study.data_name();
  if (name.rfind("The ", 0) == 0) name[0] = 't';
  std::string text =
      (name.empty() ? "The data" : "The data set is " + name) + author.cite({text_of(dataset, "citation")});
  if (study.has_fact("template.examples"))
    text += std::string{name.empty() ? " are" : ","} + (own ? " with" : "") + " {{template.examples}} " +
            study.terms().examples + (study.has_fact("template.classes") ? " in {{template.classes}} classes" : "");
  text += ".";
  if (study.has_fact("template.target")) text += " The column to predict is {{template.target}}.";
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

// Levels of a factor that the experiments set, where they set anything but one.
std::string compared_levels(const Study& study, const std::string& factor) {
  std::set<std::string> seen;
  for (const auto& node : study.nodes())
    for (const auto* arm : objects_of(*node.plan, "arms"))
      if (const json::value* level = object_of(*arm, "config").if_contains(factor)) seen.insert(level_name(*level));
  std::vector<std::string> shown;
  for (const auto& level : level_names(factor_in(study.manifest(), factor)))
    if (seen.count(level)) shown.push_back(level_reference(study.manifest(), factor, level));
  return shown.size() < 2 ? std::string{} : listed(shown, ", ");
}

json::object setup_table(const Study& study) {
  json::array rows;
  for (const auto& [key, value] : object_of(study.manifest(), "factors")) {
    const std::string name{key}, usual = study.usual_level(name);
    if (usual.empty() || !value.is_object() || !study.acts_somewhere(name)) continue;
    const std::string levels = compared_levels(study, name), title = text_of(value.get_object(), "title", name);
    if (!has_digit(title))
      rows.push_back(
          json::array{title, level_reference(study.manifest(), name, usual), levels.empty() ? "\u2013" : levels});
  }
  for (const auto& [key, value] : object_of(study.manifest(), "facts")) {
    const std::string title = value.is_object() ? text_of(value.get_object(), "title", key) : std::string{key};
    if (study.has_fact("template." + std::string{key}) && !has_digit(title) &&
        text_of(study.fact("template." + std::string{key}), "kind") != "text" &&  // which the details say
        study.acts_somewhere(std::string{key}))
      rows.push_back(json::array{title, "{{template." + std::string{key} + "}}", "\u2013"});
  }
  return table_block("setup",
                     "The set-up. The second column holds unless a comparison names another level; the third "
                     "lists the levels that the experiments of this study set.",
                     {"Part of the set-up", "Usual value", "Levels in this study"}, std::move(rows));
}

// Whether the study has every fact of the template that a sentence refers to.
bool has_facts_of(const Study& study, const std::string& sentence) {
  for (auto at = sentence.find("{{"); at != std::string::npos; at = sentence.find("{{", at + 2)) {
    const std::string body = sentence.substr(at + 2, sentence.find("}}", at) - at - 2);
    const std::string name = body.rfind("text:", 0) == 0 ? body.substr(5) : body;
    if (name.rfind("template.", 0) == 0 && !study.has_fact(name)) return false;
  }
  return true;
}

// Whether a detail is about a kind of model that the search alone ran, and no claim.
bool of_search_alone(const Study& study, const json::object& detail) {
  const std::string model = factor_with_role(study.manifest(), "model");
  const auto names_model = [&](const json::value& condition) {
    return condition.is_object() && text_of(condition.get_object(), "factor") == model;
  };
  const auto no_claim_on = [&](const json::value& condition) {
    return names_model(condition) && !study.applies_somewhere({{"applies_to", condition}}, true);
  };
  const json::value* where = find_member(detail, "applies_to");
  if (!where) return false;
  return where->is_array() ? std::any_of(where->get_array().begin(), where->get_array().end(), no_claim_on)
                           : no_claim_on(*where);
}

std::string plan_sentence(const Study& study, const char* member) {
  for (const auto& node : study.nodes())
    if (const std::string text = text_of(*node.plan, member);
        !text.empty() && !has_digit(text) && text.find(' ') != std::string::npos)
      return without_stop(text) + ".";
  return {};
}

// With what it is measured in, where its print does not say so.
std::string smallest_effect(const Study& study) {
  return "{{template.smallest_effect}}" +
         (text_of(study.fact("template.smallest_effect"), "text").find(' ') != std::string::npos
              ? ""
              : " of " + study.metric_title());
}

// What the nodes' values are made of, by the parts that the value function reported.
std::string value_text(const Study& study) {
  std::set<std::string> reported;
  for (const auto& node : study.nodes())
    for (const auto& part : object_at(*node.document, "score.parts")) reported.emplace(part.key());
  std::vector<std::string> parts;
  for (const auto& [name, words, meaning, title] : kValueParts) {
    if (!reported.count(name)) continue;
    const std::string fact = "study.weight." + std::string{name},
                      weight = study.has_fact(fact) ? "weight {{" + fact + "}}" : "";
    const std::string note = meaning + std::string{*meaning && !weight.empty() ? "; " : ""} + weight;
    parts.push_back(words + (note.empty() ? "" : " (" + note + ")"));
  }
  if (parts.empty()) return "A value function gave each node the value by which the search decides where to go on.";
  std::string text = listed(parts);
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  text += parts.size() == 1 ? " is" : " make";
  text += " the value by which the search decides where to go on";
  if (reported.count("significance")) text += ", so a clear contradiction is worth as much to it as a clear agreement";
  return text + ".";
}

// The first entry that is judged on the logit scale and says by which limit; null without any.
const Entry* on_logit_scale(const Study& study) {
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list)
      if (entry.logit && study.has_fact(entry.id + ".smallest_effect")) return &entry;
  return nullptr;
}

std::string limit_of_interactions(const Study& study) {
  const Entry* entry = on_logit_scale(study);
  return entry ? ", or {{" + entry->id + ".smallest_effect}} in log odds where it is an interaction," : std::string{};
}

// What the nodes' predictions rest on, in the order in which that is looked for.
std::string directions(Author& author) {
  std::set<Basis> grounds;
  for (const auto& node : author.study.nodes()) grounds.insert(basis_of(author, node));
  static constexpr std::pair<Basis, const char*> kGrounds[] = {
      {Basis::kRecord, "a retrieved record that gives one"},
      {Basis::kNode,
       "the node before it on the same arms (the side to which that leans, or what was predicted for it)"},
      {Basis::kQuestion, "the question"},
      {Basis::kConjecture, "a conjecture with a reason that the ledger keeps"}};
  std::vector<std::string> told;
  for (const auto& [ground, words] : kGrounds)
    if (grounds.count(ground)) told.push_back(words);
  return told.empty() ? std::string{}
                      : " The direction of a prediction comes from " + listed(told, ", or else from ") + ".";
}

std::string search_text(Author& author) {
  const Study& study = author.study;
  const bool even = !study.has_fact("study.least_blocks") || number_of(study.fact("study.least_blocks"), "value") ==
                                                                 number_of(study.fact("study.blocks"), "value");
  const bool between = std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
    return node.known && node.n != number_of(study.fact("study.least_blocks"), "value") &&
           node.n != number_of(study.fact("study.blocks"), "value");
  });
  const std::string blocks =
      even ? "{{study.blocks}}"
           : "{{study.least_blocks}}" + std::string{between ? " to " : " or "} + "{{study.blocks}}";

  std::string text =
      "Every hypothesis is a node of a tree. It ran in " + blocks + " blocks" +
      (study.on_training_data() ? "" : " and was scored on the validation split") +
      ". From the block differences, taken as normal, a posterior gives two probabilities: that the mean effect "
      "passes " +
      smallest_effect(study) + limit_of_interactions(study) +
      " in the predicted direction, and that it does in the other. Its prior is a Cauchy "
      "distribution at zero with that limit as its scale, "
      "which shrinks what few noisy blocks say. Where one of the two is above a half, the node is said "
      "to lean to that side; where both together are below a quarter, it probably holds nothing worth "
      "acting on; else it is undecided." +
      directions(author) + " " + value_text(study);
  if (const auto missing = texts_of(study.document(), "not_assessed"); !missing.empty())
    text += " A judgement of " + listed(missing) +
            ", for which a language model is asked, was not available; its weight was shared out among the parts that "
            "were.";
  double least = 1;
  for (const auto& node : study.nodes())
    if (node.known) least = std::min(least, number_of(object_at(*node.document, "evidence.contrast"), "smallest_p", 1));
  if (least > 0.05 && least < 1)
    text += " On so few blocks an exact sign-flip test cannot reach the level of {{protocol.alpha}} whatever the data.";
  return text +
         " The p-values of the search are printed with the number of comparisons made, {{study.comparisons}}, and "
         "decide nothing.";
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

// What the whole of a stack and its parts are, and in what arms of such comparisons differ; empty without any.
std::string whole_and_parts(const Study& study) {
  const auto it =
      std::find_if(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return node.whole(); });
  if (it == study.nodes().end()) return {};
  return " Below, “" + called_in(*it->hypothesis, true) + "” means " + whole_in_levels(study, true) +
         ", and “alone” one of them with the others off. Arms that set the whole against a part differ in all of "
         "these factors but that one, arms of another comparison in the factor that is compared, those of an "
         "interaction in what is compared and in the condition, and in nothing else.";
}

// What a seed cannot hold alike in arms of different sizes or models.
std::string shared_in_part(const Study& study) {
  const std::string model = factor_with_role(study.manifest(), "model"), data = study.data_factor();
  const bool apart = std::any_of(study.nodes().begin(), study.nodes().end(), [&](const Entry& node) {
    const auto differs = [&](const std::string& factor) {
      return !factor.empty() && (node.moderator == factor || node.factor == factor);
    };
    return differs(model) || differs(data);
  });
  return apart ? "; arms that differ in their amount of data or in their model share the seed and whatever both draw "
                 "from it"
               : "";
}

// "After the search, three claims were made;"
std::string claims_made(const Study& study) {
  return "After the search, " + in_words(study.claims().size()) + " claims were made;";
}

std::string node_of(const Study& study, std::size_t claim) {
  const Entry* node = study.node(study.claims()[claim].node);
  return node ? study.name(*node) : study.name(study.claims()[claim]);
}

// How the claims of a question about a stack were chosen.
std::string claims_of_stack(const Study& study) {
  return study.claims().size() == 1
             ? "After the search, the whole against the part on which it had gained least (" + node_of(study, 0) +
                   ") became the claim: a whole that gains on its best part gains on the others, and of one that does "
                   "not nothing follows for them."
             : claims_made(study) + " the first sets the whole against the part on which it had gained least (" +
                   node_of(study, 0) +
                   "): a whole that gains on its best part gains on the others, and of one that does not nothing "
                   "follows for them." +
                   (study.claims()[1].interaction
                        ? " The second is, of all interactions of two parts, that of the highest value (" +
                              node_of(study, 1) + ")."
                        : "") +
                   " Further claims go by value to the comparisons of the whole with a part and the interactions of "
                   "two parts that are left, and to other nodes after these alone.";
}

// How they were chosen where the question names the pair that it is about.
std::string claims_of_pair(const Study& study) {
  return study.claims().size() == 1
             ? "After the search, the comparison that the question names, in the usual setting, became the claim."
             : claims_made(study) +
                   " one, the main claim, is the comparison that the question names, whatever its value, and the "
                   "others went by value.";
}

// Which claims got the least number of blocks, since the power asked for no more.
std::string least_blocks_text(const Study& study) {
  if (!study.has_fact("protocol.least_confirmation_blocks")) return {};
  const double least = number_of(study.fact("protocol.least_confirmation_blocks"), "value");
  std::vector<std::string> names;
  for (const auto& claim : study.claims())
    if (claim.n > 0 && claim.n == least) names.push_back(study.name(claim));
  if (names.empty()) return {};
  return (names.size() < study.claims().size() ? "For " + listed(names)
          : names.size() == 1                  ? std::string{"For this claim"}
                                               : "For each claim here") +
         " the power asked for no more than that least. ";
}

}  // namespace

std::vector<std::string> details_of_setup(Author& author, bool search_alone) {
  const Study& study = author.study;
  constexpr std::size_t kLongParagraph = 900, kShortParagraph = 400;  // characters
  std::vector<std::string> paragraphs;
  const json::value* before = nullptr;
  const std::string metric = text_of(study.scope(), "metric", text_of(study.manifest(), "metric"));
  for (const auto* detail : objects_of(study.manifest(), "details")) {
    const auto metrics = texts_of(*detail, "metrics");
    const std::string sentence = without_stop(text_of(*detail, "text"));
    if (!sentence.empty() && (metrics.empty() || contains(metrics, metric)) && study.applies_somewhere(*detail) &&
        has_facts_of(study, sentence) && of_search_alone(study, *detail) == search_alone) {
      const json::value* where = find_member(*detail, "applies_to");
      const bool goes_on = where && before && *where == *before;  // on what the sentence before is on
      before = where;
      if (paragraphs.empty() || (paragraphs.back().size() > kLongParagraph && !goes_on)) paragraphs.emplace_back();
      paragraphs.back() +=
          (paragraphs.back().empty() ? "" : " ") + sentence + author.cite(texts_of(*detail, "cites")) + ".";
    }
  }
  if (paragraphs.size() > 1 && paragraphs.back().size() < kShortParagraph) {  // too little to stand alone
    const std::string last = std::move(paragraphs.back());
    paragraphs.pop_back();
    paragraphs.back() += " " + last;
  }
  return paragraphs;
}

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
  const std::string software = author.cite(texts_of(study.manifest(), "software"));
  networks += software.empty() ? "." : "; the programs build on published software" + software + ".";
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
                  ? " Arms of one comparison differ in the factor that is compared, those of an interaction in "
                    "that and in the condition, and in nothing else."
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
             : can_be_guessed(study.metric())
                 ? "; guessing, without a model, scores {{template.chance}} over all the data."
                 : "; a trial that diverges counts as {{template.chance}}.";
  if (const std::string divergence = plan_sentence(study, "divergence"); !divergence.empty())
    outcome += " " + divergence;
  if (const std::string population = leading(text_of(study.manifest(), "population")); !population.empty())
    outcome += " What is found speaks about " + population + ".";
  blocks.push_back(paragraph(outcome));
  return section("method", "Method", std::move(blocks));
}

json::object protocol(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  blocks.push_back(
      paragraph("The unit of analysis is a block: one seed fixes " + study.terms().block +
                ", and all arms of the comparison are " + study.terms().trained + " from it" + shared_in_part(study) +
                ". The analysis uses "
                "differences inside blocks, from which whatever a seed does to all arms alike drops out. "
                "A replicate is a whole new block. The search counts as one experiment what it runs at a "
                "time: the first blocks of a node, or further blocks for it; which comes next its policy chooses, by "
                "the values of the nodes and how uncertain they are."));
  blocks.push_back(paragraph(search_text(author)));
  const Entry* main = study.main_claim();
  std::string confirm =
      main && main->whole() && flag_of(*main->hypothesis, "primary")        ? claims_of_stack(study)
      : main && flag_of(*main->hypothesis, "primary") && !main->interaction ? claims_of_pair(study)
      : study.claims().size() == 1
          ? "After the search, the comparison of highest value became a claim."
          : "After the search, the comparisons of highest value became claims, as many as the share of the "
            "experiments that was reserved allows and {{protocol.most_claims}} at most; where none of "
            "them was a difference proposed from the question itself, the one of highest value that was "
            "took the last place. The main claim is the nearest to the question, which goes by these "
            "preferences in turn: a difference to an interaction, the usual setting to another, what was "
            "proposed from the question to what came of a node, the earlier to the later.";
  confirm +=
      " Statement, direction, plan and number of blocks were hashed into the ledger before the first confirmation "
      "trial. The number of blocks is what a power of {{protocol.power}} to find an effect of the limit asks for, "
      "in a test at {{protocol.alpha}}" +
      std::string{study.claims().size() > 1 ? " shared evenly among the claims" : ""} +
      " and given the spread seen so far, with {{protocol.least_confirmation_blocks}} as the least and " +
      std::string{study.has_fact("protocol.most_confirmation_blocks")
                      ? "{{protocol.most_confirmation_blocks}} as the most, or fewer by the cap on a claim's cost. "
                      : "a cap on the cost. "} +
      least_blocks_text(study) +
      "It is the power to find such a difference, not to show equivalence. A claim gets one attempt, on new seeds" +
      std::string{study.on_training_data() ? "" : ", scored on a split that was closed to the search"} +
      ", and nothing of the search is pooled with it.";
  blocks.push_back(paragraph(confirm));
  std::string rule =
      "A claim is judged by the interval of a paired t test on its block differences, at the level that Holm's "
      "procedure" +
      author.cite(author.of_author("Holm", author.with_theme({"multiple comparisons"}))) +
      " leaves it out of {{protocol.alpha}} for the family. Call L and U the ends of that interval, turned so that the "
      "prediction is positive. The claim is refuted if U lies below the smallest effect of interest; where L then also "
      "lies above its negative, the two arms are called equivalent instead" +
      author.cite(author.with_theme({"equivalence"})) +
      ". If U lies beyond that effect, the claim is supported when L is above zero and inconclusive when it is not. "
      "Missing significance refutes nothing. A claim predicts a sign alone: support means that the sign shows and that "
      "an effect of the limit is not excluded; whether it is that large is read from L and said.";
  const bool logit =
      std::any_of(study.nodes().begin(), study.nodes().end(), [](const Entry& node) { return node.logit; });
  if (logit)
    rule +=
        " An interaction is contrasted on the logit scale, in log odds, because equal advantages look unequal near the "
        "ceiling of a bounded score; a score at either end of its range is moved inwards by half of one " +
        study.terms().example + " first.";
  const auto& claims = study.claims();
  const Entry* interaction = on_logit_scale(study);
  const auto linear = [](const Entry& entry) { return entry.interaction && !entry.logit; };
  const bool linear_interaction = std::any_of(claims.begin(), claims.end(), linear) ||
                                  std::any_of(study.nodes().begin(), study.nodes().end(), linear);
  rule += " The smallest effect of interest is {{template.smallest_effect}} of " + study.metric_title() +
          " for a difference";
  rule += !interaction
              ? (linear_interaction ? " and for an interaction alike." : ".")
              : " and {{" + interaction->id +
                    ".smallest_effect}} for an interaction, which is what that difference comes to in log odds where "
                    "the score is about four fifths; nearer to the ceiling it is less than that difference.";
  if (study.has_fact("template.smallest_effect_reason"))
    rule +=
        " The template explains the limit of {{template.smallest_effect}}: it is "
        "{{text:template.smallest_effect_reason}}. An application may need another limit; its reader goes by the "
        "intervals.";
  blocks.push_back(paragraph(rule));
  return section("protocol", "Experimental protocol", std::move(blocks));
}

}  // namespace aisci::offline
