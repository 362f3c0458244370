#include "research/study_facts.hpp"

#include <fmt/format.h>
#include <aisci/statistics/statistics.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/text.hpp"
#include "research/claim_facts.hpp"
#include "research/claims.hpp"
#include "research/prose.hpp"

namespace aisci {
namespace {

// What the nodes' values are made of: each part of each, and the weights where they are one set for all.
void add_values(Facts& facts, const std::vector<Node>& nodes) {
  const std::map<std::string, double>* weights = nullptr;
  bool one_set = true;
  for (const auto& node : nodes) {
    if (!node.score) continue;
    facts[node.id + ".score"] = make_fact(node.score->value, FactKind::kNumber);
    for (const auto& part : node.score_parts)
      if (part.value().is_number())
        facts[node.id + ".score." + std::string{part.key()}] =
            part.key() == "significance" ? make_probability(as_number(part.value()))
                                         : make_fact(as_number(part.value()), FactKind::kNumber);
    one_set = one_set && (!weights || *weights == node.score->weights);
    weights = &node.score->weights;
  }
  if (weights && one_set)
    for (const auto& [name, weight] : *weights) {
      Fact& fact = facts["study.weight." + name] = make_fact(weight, FactKind::kNumber);
      fact.text = fmt::format("{:.3g}", weight);  // 0.375 and 0.125, which with 0.5 add up to 1
    }
}

void add_changes(Facts& facts, const std::string& owner, const std::vector<Retry>& retries) {
  std::size_t number = 0;
  for (const auto& retry : retries) {
    if (!retry.changes_recipe()) continue;
    const std::string name = owner + ".change" + std::to_string(++number);
    if (retry.number.empty()) continue;
    facts[name + ".from"] = make_fact(retry.from, FactKind::kCount);
    facts[name + ".to"] = make_fact(retry.to, FactKind::kCount);
  }
}

// What the search ran, or what was run afterwards because reviewers asked for it.
struct Work {
  std::size_t hypotheses = 0, experiments = 0, trials = 0;
};

Work work_on(const std::vector<Node>& nodes, bool late) {
  Work work;
  for (const auto& node : nodes) {
    if (node.late != late) continue;
    ++work.hypotheses;
    work.experiments += static_cast<std::size_t>(node.experiments);
    work.trials += node.trials.size();
  }
  return work;
}

std::size_t confirmation_trials(const StudyView& study) {
  std::size_t count = 0;
  for (const auto& claim : study.claims) count += claim.trials.size();
  return count;
}

// Trials whose loss or outputs stopped being finite, over search and confirmation: each scored as guessing.
std::size_t count_diverged(const StudyView& study) {
  std::size_t count = 0;
  const auto add = [&](const std::vector<ScoredTrial>& trials) {
    count += static_cast<std::size_t>(
        std::count_if(trials.begin(), trials.end(), [](const ScoredTrial& one) { return one.diverged; }));
  };
  for (const auto& node : study.nodes) add(node.trials);
  for (const auto& claim : study.claims) add(claim.trials);
  return count;
}

// A question as a paper can quote it: on one line, and of a long one its beginning.
std::string quotable(const std::string& question) {
  constexpr std::size_t kMost = 600;  // bytes
  std::string text = printable(question, question.size());
  for (char& c : text)
    if (c == '\n' || c == '\t' || c == '\x1f') c = ' ';
  if (text.size() <= kMost) return trim(text);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return trim(text.substr(0, end)) + " \u2026";
}

const json::object& metric_named(const json::object& manifest, const std::string& name) {
  return object_of(object_of(manifest, "metrics"), name);
}

// How many decimals a fact is printed with.
int decimals_of(const Fact& fact) {
  const auto point = fact.text.find('.');
  if (point == std::string::npos) return 0;
  const auto end = fact.text.find_first_not_of("0123456789", point + 1);
  return static_cast<int>((end == std::string::npos ? fact.text.size() : end) - point - 1);
}

// `loss_unit`: of the template's metric train_loss.
void add_evidence(Facts& facts, const std::string& owner, const Plan& plan, const Evidence& evidence,
                  const MetricForm& form, const std::string& loss_unit) {
  for (const auto& arm : evidence.arms) {
    const std::string name = owner + "." + arm.id;
    for (const auto& [key, value] :
         {std::pair{"mean", arm.mean}, {"sd", arm.sd}, {"lower", arm.lower}, {"upper", arm.upper}})
      facts[name + "." + key] = make_amount(value, form, {name});
    if (arm.parameters) facts[name + ".parameters"] = make_fact(*arm.parameters, FactKind::kCount, {name});
  }
  std::vector<std::string> arms;
  for (const auto& id : plan.contrast.arms_in_order) arms.push_back(owner + "." + id);
  const bool logit = plan.contrast.scale == Contrast::Scale::kLogit;
  const auto& contrast = evidence.contrast;
  const std::string name = owner + ".contrast";
  for (const auto& [key, value] : {std::pair{"mean", contrast.mean}, {"sd", contrast.sd}})
    facts[name + "." + key] = logit ? make_fact(value, FactKind::kLogit, arms) : make_change(value, form, arms);
  for (const auto& [key, value] : {std::pair{"lower", contrast.lower}, {"upper", contrast.upper}})
    facts[name + "." + key] = make_end(value, form, plan.smallest_effect, logit, arms);
  if (const auto summary = statistics::summarize(contrast.values); summary.ok())
    facts[name + ".median"] =
        logit ? make_fact(summary->median, FactKind::kLogit, arms) : make_change(summary->median, form, arms);
  const auto as_predicted = std::count_if(contrast.values.begin(), contrast.values.end(),
                                          [&](double one) { return one * plan.contrast.predicted_sign > 0; });
  facts[name + ".as_predicted"] = make_fact(static_cast<double>(as_predicted), FactKind::kCount, arms);
  facts[name + ".as_zero"] = make_fact(
      static_cast<double>(std::count(contrast.values.begin(), contrast.values.end(), 0.0)), FactKind::kCount, arms);
  for (const auto& [key, value] :
       {std::pair{"p", contrast.p}, {"sign_flip_p", contrast.sign_flip_p}, {"smallest_p", contrast.smallest_p}})
    facts[name + "." + key] = make_fact(value, FactKind::kPValue, arms);
  if (contrast.smallest_p > 0) {  // a power of a half, of which three decimals may print less than can be attained
    constexpr double kRounded = 1.005;  // of two digits: one in a hundred thousand and one is 0.000010
    const std::string text =
        contrast.smallest_p >= 0.001
            ? fmt::format("{:.3g}", contrast.smallest_p)
            : fixed(contrast.smallest_p, 1 - static_cast<int>(std::floor(std::log10(kRounded * contrast.smallest_p))));
    facts[name + ".smallest_p"].text = text;
    if (contrast.sign_flip_p == contrast.smallest_p && contrast.smallest_p >= 0.001)
      facts[name + ".sign_flip_p"].text = text;
  }
  facts[name + ".d"] = make_fact(contrast.d, FactKind::kNumber, arms);
  if (std::isfinite(contrast.d)) facts[name + ".d"].text = fixed(contrast.d, 2);
  facts[owner + ".n"] = make_fact(static_cast<double>(evidence.blocks.size()), FactKind::kCount);
  if (const auto& training = evidence.training) {
    auto [mean, lower, upper] = make_interval(training->mean, training->lower, training->upper, loss_unit, arms);
    const MetricForm as_precise{loss_unit, decimals_of(mean) + 1};  // their difference prints as the mean does
    facts[owner + ".training.treatment"] = make_amount(training->treatment, as_precise, {arms.front()});
    facts[owner + ".training.baseline"] = make_amount(training->baseline, as_precise, {arms.back()});
    facts[owner + ".training.mean"] = std::move(mean);
    facts[owner + ".training.lower"] = std::move(lower);
    facts[owner + ".training.upper"] = std::move(upper);
  }
}

// Of an interaction of two levels under two conditions: by what they differ under the first and under the second,
// inside blocks, in the metric's own scale.
void add_simple_effects(Facts& facts, const std::string& owner, const json::object& hypothesis, const Plan& plan,
                        const Evidence& evidence, const MetricForm& form, double limit) {
  const auto& moderator = object_of(hypothesis, "moderator");
  const auto& conditions = array_of(moderator, "levels");
  if (conditions.size() != 2 || evidence.arms.size() != 4) return;
  const auto arm_with = [&](const json::value& level, const json::value& condition) {
    const auto found = std::find_if(plan.arms.begin(), plan.arms.end(), [&](const Arm& arm) {
      return level_name(member(arm.config, text_of(hypothesis, "factor"))) == level_name(level) &&
             level_name(member(arm.config, text_of(moderator, "factor"))) == level_name(condition);
    });
    const auto scored = std::find_if(evidence.arms.begin(), evidence.arms.end(), [&](const ArmEvidence& arm) {
      return found != plan.arms.end() && arm.id == found->id;
    });
    return scored == evidence.arms.end() ? nullptr : &*scored;
  };
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const ArmEvidence* one = arm_with(member(hypothesis, "treatment"), conditions[i]);
    const ArmEvidence* other = arm_with(member(hypothesis, "baseline"), conditions[i]);
    if (!one || !other || one->values.size() != other->values.size()) return;
    std::vector<double> differences(one->values.size());
    std::transform(one->values.begin(), one->values.end(), other->values.begin(), differences.begin(),
                   std::minus<double>{});
    const auto test = statistics::paired_t(differences, 0.95);
    if (!test.ok()) return;
    const std::vector<std::string> arms{owner + "." + one->id, owner + "." + other->id};
    const std::string name = owner + (i == 0 ? ".first." : ".second.");
    facts[name + "mean"] = make_change(test->mean, form, arms);
    facts[name + "lower"] = make_end(test->lower, form, limit, false, arms);
    facts[name + "upper"] = make_end(test->upper, form, limit, false, arms);
  }
}

// A fact as the template states it: a number of its own as it is written there, and texts, in which digits may stand.
Fact stated_fact(const std::string& kind, const json::object& stated) {
  const json::value& value = member(stated, "value");
  if (kind == "text") return make_fact(value.is_string() ? text_of(stated, "value") : level_name(value));
  if (kind == "count") return make_fact(number_of(stated, "value"), FactKind::kCount);
  if (kind == "fraction") return make_fact(number_of(stated, "value"), FactKind::kFraction);
  Fact fact = make_fact(number_of(stated, "value"), FactKind::kNumber);
  if (value.is_number()) fact.text = level_name(value);
  return fact;
}

// The limit that a plan judges by, without a sign; in log odds with the digits that two of a fraction come to.
Fact smallest_effect_of(const Plan& plan, const MetricForm& form) {
  const bool logit = plan.contrast.scale == Contrast::Scale::kLogit;
  Fact fact = logit ? make_fact(plan.smallest_effect, FactKind::kLogit) : make_change(plan.smallest_effect, form);
  fact.text = logit ? limit_in_log_odds(plan.smallest_effect) : absolute_text(fact);
  return fact;
}

// The limit of the study's contrasts in log odds, 0 without any.
double limit_of_odds(const StudyView& study) {
  const auto is_logit = [](const auto& entry) { return entry.plan.contrast.scale == Contrast::Scale::kLogit; };
  const auto claim = std::find_if(study.claims.begin(), study.claims.end(), is_logit);
  if (claim != study.claims.end()) return claim->plan.smallest_effect;
  const auto node = std::find_if(study.nodes.begin(), study.nodes.end(), is_logit);
  return node != study.nodes.end() ? node->plan.smallest_effect : 0;
}

// The least and the most of what arms have, as facts; none where one of them has it not.
void add_range(Facts& facts, const std::string& of, FactKind kind, const std::vector<std::optional<double>>& of_arms) {
  std::vector<double> values;
  for (const auto& value : of_arms) {
    if (!value) return;
    values.push_back(*value);
  }
  if (values.empty()) return;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  facts["study.least_" + of] = make_fact(*least, kind);
  facts["study.most_" + of] = make_fact(*most, kind);
}

// What trials report beside their scores: over the arms of all claims what these have right of what they learned from,
// over those of nodes as well how many parameters their models have.
void add_reported(Facts& facts, const StudyView& study) {
  std::vector<std::optional<double>> accuracy, parameters;
  for (const auto& claim : study.claims)
    if (claim.evidence)
      for (const auto& arm : claim.evidence->arms)
        accuracy.push_back(arm.training_accuracy), parameters.push_back(arm.parameters);
  add_range(facts, "claimed_parameters", FactKind::kCount, parameters);
  for (const auto& node : study.nodes)
    if (node.evidence)
      for (const auto& arm : node.evidence->arms) parameters.push_back(arm.parameters);
  add_range(facts, "training_accuracy", FactKind::kFraction, accuracy);
  add_range(facts, "parameters", FactKind::kCount, parameters);
}

// How the levels of a template's factors are called, by "factor.level".
std::map<std::string, std::string> labels_of(const json::object& manifest) {
  std::map<std::string, std::string> labels;
  for (const auto& entry : object_of(manifest, "factors")) {
    if (!entry.value().is_object()) continue;
    const auto& factor = entry.value().get_object();
    for (const auto& level : array_of(factor, "levels")) {
      const std::string text = level_name(level);
      labels[std::string{entry.key()} + "." + text] = text_of(object_of(factor, "labels"), text, text);
    }
  }
  return labels;
}

// What was proposed and is no node, by its statement as it is read, in alphabetical order. `facts` has the levels.
void add_untried(Facts& facts, const StudyView& study) {
  std::set<std::string> untried = study.proposed;
  for (const auto& node : study.nodes) untried.erase(text_of(node.hypothesis, "statement"));
  Referents referents;
  referents.facts = facts;
  referents.labels = labels_of(study.template_document);
  std::size_t number = 0;
  for (const auto& statement : untried) {
    std::vector<std::string> ignored;  // what a paper may not say unbound is quoted here
    std::string text = quotable(plain(resolve(statement, referents, "text", ignored)));
    if (!text.empty() && text.back() == '.') text.pop_back();  // the sentence that quotes it has its own
    facts["study.untried" + std::to_string(++number)] = make_fact(std::move(text));
  }
}

void add_template(Facts& facts, const json::object& manifest) {
  const auto& dataset = object_of(manifest, "dataset");
  for (const char* name : {"examples", "classes"})
    if (member(dataset, name).is_number())
      facts["template." + std::string{name}] = make_fact(number_of(dataset, name), FactKind::kCount);
  std::string hash = text_of(dataset, "sha256");
  for (std::size_t at = 8; at < hash.size(); at += 9) hash.insert(at, " ");  // so that a line can break
  if (!hash.empty()) facts["template.sha256"] = make_fact(hash);
  for (const char* name : {"file", "target"})
    if (const std::string text = text_of(dataset, name); !text.empty())
      facts["template." + std::string{name}] = make_fact(text);
  for (const auto& split : object_of(dataset, "splits"))
    facts["template." + std::string{split.key()}] = make_fact(as_number(split.value()), FactKind::kCount);
  for (const auto& entry : object_of(manifest, "facts")) {
    const json::object& fact = entry.value().is_object() ? entry.value().get_object() : json::object{};
    facts["template." + std::string{entry.key()}] = stated_fact(text_of(fact, "kind", "number"), fact);
  }
  for (const auto& entry : object_of(manifest, "factors")) {
    if (!entry.value().is_object()) continue;
    const auto& factor = entry.value().get_object();
    const auto add = [&](const std::string& name, const json::value& value) {
      if (value.is_number()) {
        Fact fact = make_fact(as_number(value), FactKind::kNumber);
        fact.text = level_name(value);
        facts[name] = std::move(fact);
      } else if (value.is_string()) {
        facts[name] = make_fact(std::string{value.get_string().c_str()});
      }
    };
    add("config." + std::string{entry.key()}, member(factor, "default"));
    for (const auto& level : array_of(factor, "levels")) {
      add("level." + std::string{entry.key()} + "." + level_name(level), level);
    }
  }
}

}  // namespace

Facts study_facts(const StudyView& study) {
  Facts facts;
  const auto form_of = [&](const Plan& plan) {
    return metric_form(metric_named(study.template_document, plan.metric));
  };
  const std::string loss_unit = text_of(metric_named(study.template_document, "train_loss"), "unit", "nats");
  const auto count = [&](const char* name, std::size_t value) {
    facts["study." + std::string{name}] = make_fact(static_cast<double>(value), FactKind::kCount);
  };
  std::size_t failed = 0, comparisons = 0, blocks = 0, least = 0;
  for (const auto& node : study.nodes) {
    facts[node.id + ".name"] = make_fact(node.id);
    add_changes(facts, node.id, node.retries);
    failed += node.evidence || node.late ? 0 : 1;
    comparisons += node.evidence ? 1 : 0;
    blocks = std::max(blocks, node.evidence ? node.evidence->blocks.size() : 0);
    if (!node.evidence) continue;
    least = least == 0 ? node.evidence->blocks.size() : std::min(least, node.evidence->blocks.size());
    add_evidence(facts, node.id, node.plan, *node.evidence, form_of(node.plan), loss_unit);
    add_simple_effects(facts, node.id, node.hypothesis, node.plan, *node.evidence, form_of(node.plan),
                       number_of(metric_named(study.template_document, node.plan.metric), "smallest_effect"));
    facts[node.id + ".smallest_effect"] = smallest_effect_of(node.plan, form_of(node.plan));
    facts[node.id + ".significance"] = make_probability(node.evidence->significance);
    facts[node.id + ".either_side"] =
        make_probability(node.evidence->probability_above + node.evidence->probability_below);
  }
  add_values(facts, study.nodes);
  const Work search = work_on(study.nodes, false);
  count("hypotheses", search.hypotheses);
  count("experiments", search.experiments);
  count("trials", search.trials);
  if (const Work late = work_on(study.nodes, true); late.hypotheses > 0) {
    count("late_hypotheses", late.hypotheses);
    count("late_trials", late.trials);
  }
  count("comparisons", comparisons);
  count("failed", failed);
  if (!study.aisci.empty()) facts["study.aisci"] = make_fact(study.aisci);
  if (!study.proposed.empty()) count("proposed", study.proposed.size());
  count("claims", study.claims.size());
  if (study.reserved > 0) count("reserved", static_cast<std::size_t>(study.reserved));
  count("confirmation_trials", confirmation_trials(study));
  count("diverged", count_diverged(study));
  count("records", study.records.size());
  // Those for their theme: a paper tells the others one by one.
  const auto aside = std::count_if(study.set_aside.begin(), study.set_aside.end(), [](const json::object& record) {
    return object_of(record, "because").contains("theme");
  });
  if (aside > 0) count("records_aside", static_cast<std::size_t>(aside));
  count("blocks", blocks);
  count("least_blocks", least);
  if (const auto& written = object_of(study.template_document, "written"); !written.empty())
    count("failed_rehearsals", array_of(written, "failures").size());
  facts["study.question"] = make_fact(quotable(study.question));
  if (!study.environments.empty())
    facts["study.environment"] = make_fact(join({study.environments.begin(), study.environments.end()}, " | "));
  facts["study.seed"] = make_fact(std::to_string(study.seed));
  const double log_odds = limit_of_odds(study);
  for (const auto& claim : study.claims) {
    facts[claim.id + ".name"] = make_fact(claim.id);
    add_changes(facts, claim.id, claim.retries);
    if (claim.evidence) {
      add_evidence(facts, claim.id, claim.plan, *claim.evidence, form_of(claim.plan), loss_unit);
      add_contrast_facts(facts, claim, form_of(claim.plan), log_odds);
    }
    facts[claim.id + ".n"] = make_fact(claim.n, FactKind::kCount);
    facts[claim.id + ".alpha"] = make_fact(claim.alpha, FactKind::kPValue);
    facts[claim.id + ".holm_p"] = make_fact(claim.holm_p, FactKind::kPValue);
    facts[claim.id + ".power"] = make_fact(claim.power, FactKind::kFraction);
    Fact& equivalence = facts[claim.id + ".power_equivalence"] =
        make_fact(power_of_equivalence(claim, study.claims.size()), FactKind::kFraction);
    if (claim.spread > 0 && equivalence.value > 0.9995) equivalence.text = ">99.9%";
    if (equivalence.value < 0.0005) equivalence.text = "<0.1%";
    facts[claim.id + ".smallest_effect"] = smallest_effect_of(claim.plan, form_of(claim.plan));
    facts[claim.id + ".confidence"] = make_fact(1.0 - claim.alpha, FactKind::kFraction);
  }
  add_reported(facts, study);
  const auto& metric =
      metric_named(study.template_document, text_of(study.scope, "metric", text_of(study.template_document, "metric")));
  const MetricForm form = metric_form(metric);
  facts["template.smallest_effect"] = make_change(number_of(metric, "smallest_effect"), form);
  facts["template.smallest_effect"].text = absolute_text(facts["template.smallest_effect"]);
  if (std::string reason = text_of(metric, "smallest_effect_reason"); !reason.empty()) {
    if (reason.back() == '.') reason.pop_back();  // the sentence that prints it has its own
    facts["template.smallest_effect_reason"] = make_fact(reason);
  }
  const auto& loss = metric_named(study.template_document, "train_loss");
  if (const double alike = number_of(loss, "smallest_effect"); alike > 0) {
    facts["template.alike_training_losses"] = make_change(alike, metric_form(loss));
    facts["template.alike_training_losses"].text = absolute_text(facts["template.alike_training_losses"]);
  }
  if (member(metric, "chance").is_number()) facts["template.chance"] = make_amount(number_of(metric, "chance"), form);
  facts["protocol.alpha"] = make_fact(0.05, FactKind::kPValue);
  facts["protocol.alpha"].text = "0.05";
  facts["protocol.confidence"] = make_fact("95%");
  facts["protocol.power"] = make_fact("80%");
  facts["protocol.least_confirmation_blocks"] = make_fact(kLeastConfirmationBlocks, FactKind::kCount);
  facts["protocol.most_confirmation_blocks"] = make_fact(kMostConfirmationBlocks, FactKind::kCount);
  facts["protocol.most_claims"] = make_fact(kMostClaims, FactKind::kCount);
  add_template(facts, study.template_document);
  add_untried(facts, study);
  return facts;
}

Referents referents_of(const StudyView& study) {
  Referents referents;
  referents.facts = study_facts(study);
  const auto add_arms = [&](const std::string& owner, const Plan& plan) {
    for (const auto& arm : plan.arms) referents.arms[owner + "." + arm.id] = arm.label;
  };
  for (const auto& node : study.nodes) add_arms(node.id, node.plan);
  for (const auto& claim : study.claims) {
    add_arms(claim.id, claim.plan);
    referents.verdicts[claim.id] = claim.verdict;
  }
  referents.labels = labels_of(study.template_document);
  for (const auto* list : {&study.records, &study.set_aside})
    for (const auto& record : *list) referents.citations.insert(text_of(record, "key"));
  return referents;
}

}  // namespace aisci
