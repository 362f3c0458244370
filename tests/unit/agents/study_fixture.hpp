// Finished studies for the tests of analysis and writing. tests/golden/study holds three, made by the library's own
// statistics and study document from simulated scores: a prediction supported in three settings, one refuted beside one
// supported, and one left inconclusive by noise; each with an interaction and a failed experiment.
#pragma once

#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "agents/analysis/figures.hpp"
#include "agents/writing/paper_check.hpp"
#include "llm/offline/analysis.hpp"
#include "llm/offline/writing.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci::fixture {

inline ::json::object study(const std::string& name) {
  return ::json::parse(shipped::text("tests/golden/study/" + name + ".json")).as_object();
}

// The study as the author gets it: with findings, next steps and figures.
inline ::json::object analysed(::json::object study) {
  const ::json::object findings = offline::analysis_findings(study);
  for (const char* member : {"findings", "next", "storyline"}) study[member] = findings.at(member);
  study["figures"] = analysis::choose_figures(study).at("figures");
  study.erase("curves");
  return study;
}

inline std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words{""};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool point = c == '.' && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1]));
    if (std::isalnum(static_cast<unsigned char>(c)) || point || c == '%')
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

inline std::size_t count_words(const std::string& text) {
  std::istringstream stream{text};
  std::size_t count = 0;
  for (std::string word; stream >> word;) ++count;
  return count;
}

// Runs of eight words that stand twice, captions aside; the cells of a table are texts of their own.
inline std::vector<std::string> repeated_runs(const ::json::object& paper, const ::json::object& study) {
  std::map<std::string, std::string> seen;
  std::vector<std::string> repeated;
  const auto read = [&](const std::string& place, const std::string& text) {
    const auto words = words_of(text);
    for (std::size_t i = 0; i + 8 <= words.size(); ++i) {
      std::string run;
      for (std::size_t k = 0; k < 8; ++k) run += words[i + k] + " ";
      const auto [it, fresh] = seen.emplace(run, place);
      if (!fresh) repeated.push_back(place + " and " + it->second + ": " + run);
    }
  };
  for (const auto& placed : writing::placed_texts(paper)) {
    if (placed.place.find(".caption") != std::string::npos) continue;
    std::string text = writing::printed(placed.text, paper, study);
    for (auto at = text.find(" | "); at != std::string::npos; at = text.find(" | ")) {
      read(placed.place, text.substr(0, at));
      text.erase(0, at + 3);
    }
    read(placed.place, text);
  }
  return repeated;
}

// All a reader sees, one text a line.
inline std::string printed_paper(const ::json::object& paper, const ::json::object& study) {
  std::string text;
  for (const auto& placed : writing::placed_texts(paper)) text += writing::printed(placed.text, paper, study) + "\n";
  return text;
}

// Parts of a study, to change.
inline ::json::object& factor(::json::object& study, const char* name) {
  return study["template"].as_object()["factors"].as_object()[name].as_object();
}
inline ::json::object& claim(::json::object& study, std::size_t index) {
  return study["claims"].as_array()[index].as_object();
}
inline ::json::object& node(::json::object& study, std::size_t index) {
  return study["nodes"].as_array()[index].as_object();
}
inline ::json::object& metric(::json::object& study) {
  return study["template"].as_object()["metrics"].as_object()["accuracy"].as_object();
}

// What a reader sees of the paper that is written on a study, which must be sound.
inline std::string paper_of(const ::json::object& study) {
  const ::json::object paper = offline::writing_paper(study);
  EXPECT_EQ(writing::paper_problems(paper, study), std::vector<std::string>{});
  EXPECT_EQ(writing::unbound_comparatives(paper), std::vector<std::string>{});
  EXPECT_EQ(fixture::repeated_runs(paper, study), std::vector<std::string>{});
  return printed_paper(paper, study);
}

inline bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace aisci::fixture
