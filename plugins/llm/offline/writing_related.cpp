// Related work: grouped by what a record is about, each record by the statement that the text relies on.
#include <algorithm>
#include <cctype>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

constexpr std::size_t kMostInGroup = 5;
constexpr std::size_t kMostInLayer = 3;  // of each of several factors

struct Group {
  std::string opening;
  std::vector<std::string> words;  // folded; a record belongs where a theme of its has one
  std::string closing;
  std::size_t most = kMostInGroup;
  std::string alone;                     // the opening where no group stands before it; the same when empty
  bool own_model = false;                // leaves out work on kinds of model that the question is not about
  std::vector<std::string> not_on = {};  // as `words`: what a record here may not be about
  bool elsewhere = false;                // of work on other kinds of data and recipes, which other groups leave out
};

bool speaks_of(const json::object& record, const std::vector<std::string>& words) {
  for (const auto& theme : texts_of(record, "themes"))
    for (const auto& word : words)
      if (has_word(fold(theme), word)) return true;
  return false;
}

bool titled_after(const json::object& record, const std::vector<std::string>& words) {
  const std::string title = replaced(fold(text_of(record, "title")), "ization", "isation");
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return has_word(title, word); });
}

std::vector<std::string> words_of(const json::object& factor) {
  std::vector<std::string> words;
  for (const auto& word : texts_of(factor, "words"))
    if (!word.empty() && static_cast<unsigned char>(word[0]) < 0x80) words.push_back(fold(word));
  if (const std::string title = fold(text_of(factor, "title")); !title.empty()) words.push_back(title);
  return words;
}

// Of a model, the names of those compared: "model" alone would bring in every work on any model.
std::vector<std::string> words_of(const Study& study, const std::string& name) {
  const auto& factor = object_of(object_of(study.manifest(), "factors"), name);
  if (!has_role(study.manifest(), name, "model")) return words_of(factor);
  std::vector<std::string> words;
  const auto& arms = array_of(study.scope(), "arms");
  for (const auto& level :
       text_of(study.scope(), "factor") == name && !arms.empty() ? arms : array_of(factor, "levels"))
    for (const auto& word : level_words(factor, level_name(level)))
      if (!word.empty() && static_cast<unsigned char>(word[0]) < 0x80) words.push_back(fold(word));
  return words;
}

// A record about a kind of data, or about a part of a recipe, that the template does not have.
bool foreign(const Study& study, const json::object& record) {
  std::string about = fold(text_of(study.manifest(), "title") + " " + text_of(study.manifest(), "population"));
  for (const auto& word : texts_of(study.manifest(), "words")) about += " " + fold(word);
  for (const auto& [name, factor] : object_of(study.manifest(), "factors"))
    if (factor.is_object()) {
      for (const auto& word : words_of(factor.get_object())) about += " " + word;
      for (const auto& level : level_names(factor.get_object()))
        for (const auto& word : level_words(factor.get_object(), level)) about += " " + fold(word);
    }
  static const std::pair<const char*, const char*> kKinds[] = {{"language", "language"},
                                                               {"perplexity", "language"},
                                                               {"image classification", "image"},
                                                               {"vision", "image"},
                                                               {"tabular", "tab"},
                                                               {"diagnostic", "diagnos"},
                                                               {"dropout", "dropout"},
                                                               {"normalisation", "normalisation"},
                                                               {"optimis", "optimis"},
                                                               {"label smoothing", "smoothing"},
                                                               {"perceptron", "perceptron"}};
  const auto themes = texts_of(record, "themes");
  for (const auto& theme : themes)
    for (const auto& [kind, word] : kKinds)
      if (theme.find(kind) != std::string::npos && about.find(word) == std::string::npos) return true;
  // The source of some other data set.
  return contains(themes, "data set") &&
         text_of(record, "key") != text_of(object_of(study.manifest(), "dataset"), "citation");
}

// A record about a kind of model that the template has and the question, which fixes another, is not about.
bool of_another_model(const Study& study, const json::object& record) {
  const json::value* fixed = study.fixed_model();
  if (!fixed) return false;
  const auto& factor = factor_in(study.manifest(), factor_with_role(study.manifest(), "model"));
  std::vector<std::string> own, others;
  for (const auto& level : level_names(factor))
    for (const auto& word : level_words(factor, level))
      if (!word.empty() && static_cast<unsigned char>(word[0]) < 0x80)
        (level == level_name(*fixed) ? own : others).push_back(fold(word));
  return speaks_of(record, others) && !speaks_of(record, own);
}

// Whether some record has the word in the middle of a sentence, as no name would stand there.
bool is_common(const Study& study, const std::string& word) {
  for (const auto* record : objects_of(study.document(), "literature"))
    for (const auto& statement : texts_of(*record, "statements"))
      if (has_word(statement, word)) return true;
  return false;
}

// A statement as what follows "that" or a comma: its first word small unless it is a name or is spelled like one
// ("LSTM"). Empty where that cannot be told.
std::string continued(const Study& study, const std::string& statement) {
  const std::string first = statement.substr(0, statement.find_first_of(" ,"));
  if (std::any_of(first.begin() + 1, first.end(), [](unsigned char c) { return std::isupper(c) != 0; }))
    return statement;
  const std::string small = uncapitalised(statement);
  return is_common(study, small.substr(0, first.size())) ? small : std::string{};
}

// Whether a statement ranks or judges: then it is somebody's finding and not to be told as a fact.
bool judges(const std::string& statement) {
  static const char* kWords[] = {"outperform", "better", "worse",  "best",  "most", "all",    "always",    "never",
                                 "superior",   "beats",  "higher", "lower", "more", "larger", "effective", "effect"};
  const std::string folded = fold(statement);
  return std::any_of(std::begin(kWords), std::end(kWords), [&](const char* word) {
    return has_word(folded, word) || (word == std::string{"outperform"} && folded.find(word) != std::string::npos);
  });
}

// A record's sentence, in one of the forms that its first word allows: every other one, and each that judges, says
// whose finding it is.
std::string sentence_of(Author& author, const json::object& record, std::size_t index) {
  const std::string statement = without_stop(author.support(record)), continuation = continued(author.study, statement);
  const std::string cite = author.cite({text_of(record, "key")});
  if (cite.empty() || statement.empty() || has_digit(statement)) return {};
  const std::size_t authors = texts_of(record, "authors").size();
  const bool attributable = !continuation.empty() && authors > 0;
  const std::string who = author.cite_as_text(text_of(record, "key"));
  if (attributable && index % 2 == 1)
    return who + turn(index / 2, {" report", " state", " write"}) + (authors == 1 ? "s" : "") + " that " +
           continuation + ".";
  if (attributable && judges(statement))
    return std::string{turn(index / 2, {"According to ", "By the account of ", "As reported by "})} + who + ", " +
           continuation + ".";
  return statement + cite + ".";
}

std::vector<Group> groups_of(const Study& study) {
  const std::string factor = text_of(study.scope(), "factor"), title = study.the_factor();
  const auto& factors = object_of(study.manifest(), "factors");
  std::vector<Group> groups;
  const auto stack = objects_of(study.scope(), "stack");
  const auto titled = [&](const std::string& one) {
    return with_article(text_of(object_of(factors, one), "title", one));
  };
  for (std::size_t i = 0; i + 1 < stack.size(); ++i) {
    const std::string layer = text_of(*stack[i], "factor");
    groups.push_back(
        {i == 0 ? "The work on " + titled(layer) + " comes first." : "There is work on " + titled(layer) + " as well.",
         words_of(study, layer), "", kMostInLayer});
  }
  const std::string last = stack.empty() ? factor : text_of(*stack.back(), "factor");
  groups.push_back({!stack.empty() ? "There is work on " + titled(last) + ", too."
                    : has_role(study.manifest(), last, "model")
                        ? std::string{"Work on the kinds of model compared comes first."}
                    : titled(last).find("number of ") != std::string::npos
                        ? std::string{"Work on the subject of the question comes first."}
                        : "Work on " + titled(last) + " itself comes first.",
                    words_of(study, last), "", stack.empty() ? kMostInGroup : kMostInLayer});
  if (!stack.empty()) {
    Group joint{"Several such techniques at once were studied in other set-ups.",
                {"joint regularisation"},
                "For the data and the parts at hand that is a reason to ask, and no answer.",
                kMostInLayer};
    joint.elsewhere = true;
    groups.push_back(std::move(joint));
  }
  std::vector<std::string> subject;
  for (const auto& group : groups) subject.insert(subject.end(), group.words.begin(), group.words.end());
  std::vector<std::string> setting;
  const std::string role = factor_with_role(study.manifest(), "model");
  if (const json::value* model = study.fixed_model())
    for (const auto& word : level_words(object_of(factors, role), level_name(*model))) setting.push_back(fold(word));
  const std::string moderator = text_of(object_of(study.scope(), "moderator"), "factor");
  for (const auto* one : objects_of(study.manifest(), "settings"))
    if (text_of(*one, "factor") == moderator)
      for (const auto& word : texts_of(*one, "words"))
        if (!word.empty() && static_cast<unsigned char>(word[0]) < 0x80) setting.push_back(fold(word));
  const bool from_scratch = text_of(study.manifest(), "population").find("from scratch") != std::string::npos;
  if (stack.empty())
    groups.push_back(
        {"Other work is on models, data and training.", setting,
         from_scratch ? "The " + study.terms().subjects +
                            " below are trained from scratch, so what pre-training would add lies outside this study."
                      : "",
         kMostInGroup, "It is on models, data and training first.", true});
  std::set<std::string> others;
  for (const auto& node : study.nodes()) {
    others.insert(node.factor);
    others.insert(node.moderator);
    if (!study.claim_on(node.id)) continue;  // what the search alone set otherwise is no subject of the paper
    for (const auto& [key, value] : object_of(*node.hypothesis, "context")) others.insert(std::string{key});
  }
  std::vector<std::string> varied;
  for (const auto& name : others)
    if (name != factor && name != role && name != moderator && study.acts_somewhere(name))
      for (const auto& word : words_of(study, name)) varied.push_back(word);
  groups.push_back({"Neighbouring subjects have been studied as well.", varied, "", kMostInLayer,
                    "It is on neighbouring subjects.", true, subject});
  groups.push_back(
      {"A last group concerns how such comparisons are judged.",
       {"evaluation", "variance", "seed", "statistics", "multiple comparison", "equivalence", "reproducib"},
       "The protocol of this paper meets some of these concerns: blocks in place of single runs, a correction for the "
       "number "
       "of claims, and a limit below which a difference is declared too small to matter.",
       kMostInGroup,
       "The works cited here concern how such comparisons are judged, and not " + title + "."});
  return groups;
}

// A record of a local collection says where its facts were looked up.
bool all_local(const Study& study) {
  const auto records = objects_of(study.document(), "literature");
  return !records.empty() && std::all_of(records.begin(), records.end(), [](const json::object* record) {
    return !text_of(*record, "checked_in").empty();
  });
}

// Where the records come from.
std::string collection_of(const Study& study) {
  if (!all_local(study)) return "the collections that the study was set up with";
  const auto records = objects_of(study.document(), "literature");
  return std::any_of(records.begin(), records.end(),
                     [](const json::object* record) { return flag_of(*record, "added"); })
             ? "the collection that comes with aisci and the user's own"
             : "the collection that comes with aisci";
}

// What the section draws on, as it begins.
std::string drawn_on(const Study& study) {
  if (!study.has_fact("study.records")) return {};
  const auto queries = texts_of(study.scope(), "queries");
  const bool listed_in_appendix = !std::all_of(queries.begin(), queries.end(), has_digit);
  const bool some = !array_of(study.document(), "set_aside").empty();
  return "What this section tells is chosen from " +
         (some ? counted(study, "study.records", "of the records", "of the records")
               : "the " + counted(study, "study.records", "record", "records")) +
         (listed_in_appendix ? " that the queries in the appendix brought from " : " that were retrieved from ") +
         collection_of(study) + (all_local(study) ? " (fixed, and a small part of what was published). " : ". ");
}

// How many records were brought and set aside for their theme, on what the template's studies are not about.
std::string themes_aside(const Study& study) {
  if (!study.has_fact("study.records_aside")) return {};
  std::vector<std::string> themes;
  for (const auto* record : objects_of(study.document(), "set_aside")) {
    const auto& because = object_of(*record, "because");
    const std::string theme = text_of(because, "theme"), unless = text_of(because, "unless");
    if (theme.empty()) continue;
    const std::string about = has_digit(theme + unless)
                                  ? "about something else"
                                  : "about " + theme + (unless.empty() ? "" : " and not about " + unless);
    if (!contains(themes, about)) themes.push_back(about);
  }
  return (number_of(study.fact("study.records_aside"), "value") == 1
              ? "One more that the queries brought is"
              : "{{study.records_aside}} more that the queries brought are") +
         std::string{" set aside, being "} + listed(themes, ", or ") + ". ";
}

// The single records that were brought and set aside, with what they state: nobody should miss them.
std::string records_aside(Author& author) {
  const Study& study = author.study;
  std::string text;
  for (const auto* record : objects_of(study.document(), "set_aside")) {
    const auto& because = object_of(*record, "because");
    const std::string factor = text_of(because, "factor");
    const json::value* level = because.if_contains("level");
    if (factor.empty() || !level) continue;
    const std::string with = told_level(study.manifest(), factor, level_name(*level)),
                      statement = without_stop(author.support(*record)), continuation = continued(study, statement),
                      who = author.cite_as_text(text_of(*record, "key"));
    const std::string states = who.empty() || has_digit(statement) ? std::string{}
                               : continuation.empty()              ? "it states this: " + statement
                                                                   : "it reports that " + continuation;
    const std::string of = who.empty() ? "" : text.empty() ? ", of " + who + "," : " of " + who + ",";
    text += text.empty() ? "One record that the queries brought" + of +
                               " is set aside, since its set-up does not occur here with " + with +
                               (states.empty() ? "" : "; " + states) + "."
                         : " Set aside as well is one" + of + " whose set-up does not occur with " + with +
                               (states.empty() ? "" : ": " + states) + ".";
  }
  return text;
}

}  // namespace

json::object related_work(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  std::set<std::string> used;
  std::string closing;  // of the last paragraph
  for (const auto& group : groups_of(study)) {
    std::string text;
    std::size_t index = 0;
    // What the hypotheses rest on, or is on two parts of a stack, comes first, then what has the subject in its title;
    // work on another kind of model than the one in question last.
    for (const int rank : {0, 1, 2, 3}) {
      for (const auto* record : objects_of(study.document(), "literature")) {
        const std::string key = text_of(*record, "key");
        const int own =
            contains(author.cited_by_hypotheses(), key) || author.parts_of_stack(author.support(*record)) > 1 ? 0
            : of_another_model(study, *record)                                                                ? 3
            : titled_after(*record, group.words)                                                              ? 1
                                                                                                              : 2;
        if (index == group.most || used.count(key) || !speaks_of(*record, group.words) ||
            speaks_of(*record, group.not_on) || foreign(study, *record) != group.elsewhere ||
            (group.own_model && own != 0 && of_another_model(study, *record)) || own != rank)
          continue;
        const std::string sentence = sentence_of(author, *record, index);
        if (sentence.empty()) continue;
        used.insert(key);
        text += " " + sentence;
        ++index;
      }
    }
    const bool closes = (index > 1 || group.elsewhere) && !group.closing.empty() &&
                        (!group.own_model || text.find("re-train") < text.size());
    const std::string& opening = blocks.empty() && !group.alone.empty() ? group.alone : group.opening;
    // One work makes no paragraph, but where the last one is on a stack's techniques together.
    if (index == 1 && group.own_model && !blocks.empty() && !study.stacked()) {
      auto& last = blocks.back().as_object()["text"];
      const std::string before{last.as_string()};
      const auto end = before.size() - (before.ends_with(closing) ? closing.size() : 0);  // what closes it stays last
      last = before.substr(0, end) + text + before.substr(end);
    } else if (index > 0) {
      closing = closes ? " " + group.closing : "";
      blocks.push_back(
          paragraph((blocks.empty() ? drawn_on(study) + themes_aside(study) : "") + opening + text + closing));
    }
  }
  if (const std::string told = (blocks.empty() ? themes_aside(study) : "") + records_aside(author); !told.empty())
    blocks.push_back(paragraph(told));
  // The line of authors is like the name of another program.
  if (const std::string namesake = author.cite_as_text("lu2024aiscientist"); !blocks.empty() && !namesake.empty()) {
    auto& last = blocks.back().as_object()["text"];
    last =
        std::string{last.as_string()} + " The program of " + namesake +
        ", also called The AI Scientist, carries out research by itself too; it is not the one that wrote this paper.";
  }
  return section("related", "Related work", std::move(blocks));
}

}  // namespace aisci::offline
