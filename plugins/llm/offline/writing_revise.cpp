// Revision: every point of the meta-review is closed by a change of text, by an experiment that the study holds, or by
// a concession. Points on one topic share one sentence, which names the claims or nodes they are about.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "document.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "review_audit.hpp"
#include "writing.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

struct Closing {
  std::string action;   // text, experiment, concession
  std::string section;  // where the sentence goes; "" for the limitations
  std::string sentence;
  std::string response;
};

using Entries = std::vector<const Entry*>;

struct Topic {
  const char* id;
  std::vector<std::string> words;                         // folded; a point that has one is on the topic
  std::function<bool(const Study&, const Entry&)> holds;  // for entries it names; empty: always
  std::function<Closing(const Study&, const std::string& names)>
      close;  // `names`: the entries, "{{c1.name}} and {{c2.name}}"
};

bool varied(const Study& study, const std::string& factor, std::string& where) {
  std::vector<std::string> names;
  for (const auto& node : study.nodes()) {
    if (!node.known) continue;
    const json::value* level = object_of(*node.hypothesis, "context").if_contains(factor);
    const json::value* usual = object_of(study.scope(), "context").if_contains(factor);
    if (!usual) usual = object_of(object_of(study.manifest(), "factors"), factor).if_contains("default");
    if (level && usual && level_name(*level) != level_name(*usual)) names.push_back(study.name(node));
  }
  where = listed(names);
  return !names.empty();
}

std::string title_of_role(const Study& study, const char* role, const char* otherwise) {
  const std::string name = factor_with_role(study.manifest(), role);
  return text_of(object_of(object_of(study.manifest(), "factors"), name), "title", otherwise);
}

Closing learning_rate(const Study& study, const std::string&) {
  const std::string title = title_of_role(study, "tuning", "recipe");
  std::string where;
  if (varied(study, factor_with_role(study.manifest(), "tuning"), where))
    return {"experiment", "discussion",
            "The " + title + " was changed in " + where +
                ". That tells whether a contrast hangs on one choice of it, and not what each arm could reach with one "
                "of its own.",
            "The study holds an experiment with a changed " + title +
                "; the discussion now says what it answers and what it leaves open."};
  return {"concession", "",
          "A reader who suspects the shared " + title +
              " behind a verdict has our agreement that this was not put to the test.",
          "Conceded: no experiment varies the " + title + ", and the limitations now say so in so many words."};
}

Closing architecture(const Study& study, const std::string&) {
  const std::string title = title_of_role(study, "model", "set-up"), trained = study.terms().trained;
  std::string where;
  if (varied(study, factor_with_role(study.manifest(), "model"), where))
    return {"experiment", "discussion",
            "Another " + title + " was " + trained + " in " + where +
                ", which is the evidence there is on whether the effect belongs to the factor.",
            "The study holds an experiment with another " + title + "; the discussion now points to it."};
  return {"concession", "",
          "Nothing here separates what belongs to " + study.the_factor() + " from what belongs to the one " + title +
              " that was " + trained + ".",
          "Conceded in the limitations: one " + title + " was " + trained + "."};
}

Closing text_on(std::string section, std::string sentence, std::string response) {
  return {"text", std::move(section), std::move(sentence), std::move(response)};
}
Closing concede(std::string sentence, std::string response) {
  return {"concession", "", std::move(sentence), std::move(response)};
}

bool shrank(const Study& study, const Entry& entry) {
  const Entry* node = entry.claim ? study.node(entry.node) : nullptr;
  return node && node->known && entry.known && node->mean * entry.mean >= 0 &&
         std::abs(entry.mean) < std::abs(node->mean);
}
bool turned(const Study& study, const Entry& entry) {
  const Entry* node = entry.claim ? study.node(entry.node) : nullptr;
  return node && node->known && entry.known && node->mean * entry.mean < 0;
}

std::vector<Topic> topics_on_evidence() {
  return {
      {"unknown",
       {"no evidence"},
       [](const Study&, const Entry& e) { return !e.known; },
       [](const Study&, const std::string& names) {
         return concede(
             "For " + names + ", confirmation produced nothing to go by, and nothing in this paper rests on it.",
             "Conceded: the claim has no evidence, and the limitations now say that nothing rests on it.");
       }},
      {"verdict",
       {"does not follow"},
       {},
       [](const Study&, const std::string&) {
         return text_on(
             "protocol",
             "Verdicts are computed by this rule from the intervals printed beside them; none was set by hand.",
             "The verdict is recomputed from the interval by the rule of the protocol; a sentence there now says that "
             "no verdict is set by hand.");
       }},
      {"turned",
       {"turned round", "sign seen in the search"},
       turned,
       [](const Study&, const std::string& names) {
         return text_on(
             "discussion",
             "Search and confirmation disagree in sign on " + names + "; only the confirmation is evidence.",
             "The discussion now states that the sign turned and that the text rests on the confirmation alone.");
       }},
      {"open",
       {"stays open", "inconclusive", "further blocks", "more blocks", "close it are missing"},
       [](const Study&, const Entry& e) { return e.verdict == "inconclusive"; },
       [](const Study&, const std::string& names) {
         return concede("Once the interval of " + names +
                            " was known, no block was added: data collected until an interval pleases are no evidence.",
                        "Conceded: a locked claim has one attempt, so further blocks would be a new claim. The "
                        "limitations now say that none was added, and the conclusion what would close the question.");
       }},
      {"wide",
       {"wide", "imprecise"},
       [](const Study&, const Entry& e) { return e.known && e.upper - e.lower > 4 * e.smallest_effect; },
       [](const Study&, const std::string& names) {
         return text_on("",
                        "In " + names +
                            " the interval spans several times the smallest effect of interest; what it can establish "
                            "is a sign, and plans should use the interval whole.",
                        "A sentence in the limitations now warns against using the estimate without its interval.");
       }},
      {"small",
       {"too small to matter", "above zero"},
       [](const Study&, const Entry& e) { return e.supported() && e.lower < e.smallest_effect; },
       [](const Study&, const std::string& names) {
         return text_on("discussion",
                        "Support means, by the rule used, an effect on the predicted side of zero; for " + names +
                            " that includes effects too small to act on.",
                        "The discussion now says that support does not mean a size worth acting on.");
       }},
      {"power",
       {"power"},
       [](const Study&, const Entry& e) { return e.power < 0.8; },
       [](const Study&, const std::string& names) {
         return concede("As planned, " + names +
                            " had less than a four in five chance of showing an effect at the limit worth acting on.",
                        "Conceded with the planned power in the limitations.");
       }},
      {"shrank",
       {"regression to the mean", "was left in the confirmation", "shrank", "selection"},
       shrank,
       [](const Study&, const std::string& names) {
         return text_on("discussion",
                        "Selection accounts for that part of the effect in " + names +
                            " which the search saw and the confirmation did not give back.",
                        "The discussion now attributes the difference to selection.");
       }},
      {"blocks",
       {"fewer fresh blocks", "fewer blocks"},
       {},
       [](const Study&, const std::string& names) {
         return concede("Few blocks stand behind " + names + ", and the width of its interval is the price.",
                        "Conceded in the limitations.");
       }},
  };
}

std::vector<Topic> topics_on_text() {
  return {
      {"rate", {"learning rate", "untuned"}, {}, learning_rate},
      {"architecture", {"architecture", "carry over to another", "may belong to it rather"}, {}, architecture},
      {"data",
       {"data set", "dataset"},
       {},
       [](const Study&, const std::string&) {
         return text_on("",
                        "The verdicts are worded for the data described here and are no statement about other data.",
                        "The limitations now word the verdicts for this data set alone.");
       }},
      {"logit",
       {"logit", "log odds"},
       {},
       [](const Study&, const std::string&) {
         return text_on("protocol",
                        "On that scale a gain counts by how much of the remaining error it removes, which makes "
                        "conditions with different baselines comparable.",
                        "The protocol now explains the logit scale.");
       }},
      {"ceiling",
       {"ceiling", "perfect accuracy"},
       {},
       [](const Study&, const std::string& names) {
         return concede("A null result near the ceiling, as " + names + " may be, is weak evidence of no effect.",
                        "Conceded: near the ceiling a difference has little room; the limitations say so.");
       }},
      {"failed",
       {"failed"},
       {},
       [](const Study&, const std::string&) {
         return text_on("results", "Experiments that failed are named, with their reasons, in the appendix.",
                        "The results now point to the list of failed experiments.");
       }},
      {"related",
       {"related papers", "related work", "few related", "what is new"},
       {},
       [](const Study&, const std::string&) {
         return text_on("related",
                        "This review is limited to the {{study.records}} records that were retrieved; that a paper is "
                        "missing from it says nothing about the paper.",
                        "The related work now says how many records it rests on.");
       }},
      {"exploratory",
       {"exploratory"},
       {},
       [](const Study&, const std::string&) {
         return text_on("discussion", "Whatever is said here of a node and not of a claim is a lead to follow.",
                        "The discussion now separates leads from claims once again.");
       }},
      {"overclaim",
       {"cannot carry", "overclaim", "overstate"},
       {},
       [](const Study&, const std::string&) {
         return text_on("conclusion",
                        "The conclusion reaches as far as the intervals do, for the setting that was run.",
                        "The conclusion now limits its own reach to the intervals and the setting.");
       }},
      {"figure",
       {"figure"},
       {},
       [](const Study&, const std::string&) {
         return concede("Where a figure is missing, the tables of the appendix carry the numbers.",
                        "Conceded: the appendix carries the numbers that a figure would show.");
       }},
  };
}

json::object* section_named(json::object& paper, const std::string& id) {
  for (auto& value : paper["sections"].as_array())
    if (value.is_object() && text_of(value.get_object(), "id").find(id) == 0) return &value.get_object();
  return nullptr;
}

// To the list of the limitations, or as a paragraph at a section's end; a paper without that section gets one.
void add_sentence(json::object& paper, const std::string& id, const std::string& sentence) {
  json::object* found = section_named(paper, id.empty() ? "limit" : id);
  if (!found) found = section_named(paper, "limit");
  if (!found) {
    auto& sections = paper["sections"].as_array();
    sections.push_back(section("limitations", "Limitations", {}));
    found = &sections.back().as_object();
  }
  auto& blocks = (*found)["blocks"].as_array();
  if (id.empty())
    for (auto& block : blocks)
      if (block.is_object() && text_of(block.get_object(), "type") == "list") {
        block.get_object()["items"].as_array().emplace_back(sentence);
        return;
      }
  // Prose goes on where it stopped.
  if (!blocks.empty() && blocks.back().is_object() && text_of(blocks.back().get_object(), "type") == "paragraph") {
    blocks.back().get_object()["text"] = text_of(blocks.back().get_object(), "text") + " " + sentence;
    return;
  }
  blocks.push_back(paragraph(sentence));
}

// The limitation that speaks of the topic already, and of all the entries that the points are about; "" when there is
// none. What is granted there is not granted twice.
std::string granted(const json::object& paper, const Topic& topic, const std::vector<std::string>& names) {
  json::object copy = paper;
  const json::object* limits = section_named(copy, "limit");
  if (!limits) return {};
  for (const auto* block : objects_of(*limits, "blocks"))
    for (const auto& item : texts_of(*block, "items"))
      if (std::any_of(topic.words.begin(), topic.words.end(),
                      [&](const std::string& word) { return has_word(fold(item), word); }) &&
          (!topic.holds || std::all_of(names.begin(), names.end(),
                                       [&](const std::string& name) { return item.find(name) != std::string::npos; })))
        return item;
  return {};
}

// The sentence of a limitation that has one of the words, as a quotation.
std::string quoted(const std::string& limitation, const Topic& topic) {
  std::string rest = limitation;
  for (std::size_t end; !rest.empty(); rest = end == std::string::npos ? "" : rest.substr(end + 2)) {
    end = rest.find(". ");
    const std::string sentence = rest.substr(0, end == std::string::npos ? end : end + 1), folded = fold(sentence);
    if (std::any_of(topic.words.begin(), topic.words.end(),
                    [&](const std::string& word) { return has_word(folded, word); }))
      return " \u201c" + sentence + "\u201d";
  }
  return {};
}

const Entry* entry_named(const Study& study, const std::string& id) {
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list)
      if (entry.id == id) return &entry;
  return nullptr;
}

std::string subjects(const std::vector<std::string>& names) {
  if (names.empty()) return "the study as a whole";
  return names.size() > 4 ? "several claims and nodes" : listed(names);
}

const Topic* topic_of(const Study& study, const std::vector<Topic>& topics, const std::string& text,
                      const Entry* entry) {
  const std::string folded = fold(text);
  for (const auto& topic : topics) {
    const bool named = std::any_of(topic.words.begin(), topic.words.end(),
                                   [&](const std::string& word) { return has_word(folded, word); });
    if (named && (!topic.holds || (entry && topic.holds(study, *entry)))) return &topic;
  }
  return nullptr;
}

}  // namespace

namespace {

// Takes out of the paper every sentence that the rules of the points object to; the answer is how many went, by rule.
class Strike {
 public:
  Strike(const json::object& input, json::object& paper) : study_{input}, paper_{paper} {
    study_.erase("paper");
    for (const auto* point : objects_of(input, "points"))
      if (text_of(*point, "kind") != "experiment" || text_of(*point, "weight") != "minor")
        rules_.insert(text_of(*point, "rule"));
  }

  std::map<std::string, int> run() {
    for (const char* rule : {"abstract-selective", "exploratory-unmarked", "counts-differ", ""}) rules_.erase(rule);
    if (rules_.empty()) return {};
    paper_["abstract"] = kept("abstract", text_of(paper_, "abstract"));
    for (const char* part : {"sections", "appendix"})
      if (auto* sections = paper_.if_contains(part); sections && sections->is_array())
        for (auto& value : sections->get_array())
          if (value.is_object()) strike(value.get_object());
    return struck_;
  }

 private:
  void strike(json::object& section) {
    const std::string id = text_of(section, "id");
    auto* blocks = section.if_contains("blocks");
    if (!blocks || !blocks->is_array()) return;
    json::array left;
    for (auto& value : blocks->get_array()) {
      if (!value.is_object()) continue;
      auto& block = value.get_object();
      if (has(block, "text")) {
        block["text"] = kept(id, text_of(block, "text"));
        if (text_of(block, "text").empty()) continue;
      }
      if (has(block, "items")) {
        json::array items;
        for (const auto& item : texts_of(block, "items"))
          if (const std::string text = kept(id, item); !text.empty()) items.emplace_back(text);
        if (items.empty()) continue;
        block["items"] = std::move(items);
      }
      left.push_back(std::move(value));
    }
    if (!left.empty()) *blocks = std::move(left);
  }

  std::string kept(const std::string& place, const std::string& text) {
    study_["paper"] = json::object{{"abstract", text}};
    std::string out;
    for (const auto& sentence : sentences_of(study_)) {
      if (sentence.place != "abstract") continue;  // captions of figures
      out += objectionable(place, sentence.raw) ? "" : sentence.raw;
    }
    while (!out.empty() && out.front() == ' ') out.erase(0, 1);
    return out;
  }

  bool objectionable(const std::string& place, const std::string& sentence) {
    json::object alone{{"title", ""}};
    if (place == "abstract")
      alone["abstract"] = sentence;
    else
      alone["sections"] = json::array{section(place, "", json::array{paragraph(sentence)})};
    json::value whole = std::exchange(study_["paper"], std::move(alone));
    json::value figures = std::exchange(study_["figures"], json::array{});
    std::vector<Weakness> found;
    examine_words(study_, found);
    study_["paper"] = std::move(whole);
    study_["figures"] = std::move(figures);
    for (const auto& weakness : found)
      if (rules_.count(weakness.rule) > 0 && weakness.rule != "abstract-selective" &&
          weakness.rule != "exploratory-unmarked") {
        ++struck_[weakness.rule];
        return true;
      }
    return false;
  }

  json::object study_;
  json::object& paper_;
  std::set<std::string> rules_;
  std::map<std::string, int> struck_;
};

// The node that was run for a point; "" when none was.
std::string run_for(const json::object& input, const std::string& point) {
  for (const auto* answer : objects_of(input, "answers"))
    if (text_of(*answer, "point") == point) return text_of(*answer, "node");
  return {};
}

}  // namespace

json::object writing_revise(const json::object& input) {
  const Study study{input};
  json::object paper = object_of(input, "paper");
  if (!paper["sections"].is_array()) paper["sections"] = json::array{};
  const auto struck = Strike{input, paper}.run();
  std::vector<Topic> topics = topics_on_evidence();
  for (auto& topic : topics_on_text()) topics.push_back(std::move(topic));
  const Topic rest{
      "rest", {}, {}, [](const Study&, const std::string& names) {
        return concede(
            "Further points raised in review, on " + names +
                ", cannot be settled with the evidence at hand; they are granted and left to new experiments.",
            "Conceded: the evidence at hand cannot settle this, and the limitations now grant it.");
      }};

  std::map<const Topic*, std::vector<std::string>> names;
  std::vector<const Topic*> order, chosen;
  for (const auto* point : objects_of(input, "points")) {
    if (struck.count(text_of(*point, "rule")) > 0) {  // what was objected to is gone
      chosen.push_back(nullptr);
      continue;
    }
    const Entry* entry = entry_named(study, text_of(*point, "entry"));
    const Topic* topic = topic_of(study, topics, text_of(*point, "text"), entry);
    if (!topic) topic = &rest;
    auto& listed_names = names[topic];
    if (std::find(order.begin(), order.end(), topic) == order.end()) order.push_back(topic);
    if (entry && !contains(listed_names, study.name(*entry))) listed_names.push_back(study.name(*entry));
    chosen.push_back(topic);
  }
  std::map<const Topic*, Closing> closings;
  for (const Topic* topic : order) {
    Closing closing = topic->close(study, subjects(names[topic]));
    if (const std::string limitation = closing.section.empty() ? granted(paper, *topic, names[topic]) : std::string{};
        !limitation.empty()) {
      closing.action = "concession";
      closing.response = "Granted, and the limitations say so:" + quoted(limitation, *topic);
    } else {
      add_sentence(paper, closing.section, closing.sentence);
    }
    closings[topic] = std::move(closing);
  }
  json::array responses;
  std::size_t index = 0;
  for (const auto* point : objects_of(input, "points")) {
    const Topic* topic = chosen[index++];
    const std::string node = run_for(input, text_of(*point, "id"));
    json::object response{{"point", text_of(*point, "id")}};
    if (!topic) {
      response["action"] = "text";
      response["text"] =
          "The sentence that this is about went further than the evidence and was taken out; what is left there says "
          "no more than the "
          "intervals do.";
    } else {
      const Closing& closing = closings[topic];
      response["action"] = closing.action;
      response["text"] = closing.response;
    }
    if (!node.empty()) {
      if (text_of(response, "action") != "experiment")
        response["text"] = "An experiment was run for this point. " + text_of(response, "text");
      response["action"] = "experiment";
      response["node"] = node;
    }
    responses.push_back(std::move(response));
  }
  return {{"paper", std::move(paper)}, {"responses", std::move(responses)}};
}

}  // namespace aisci::offline
