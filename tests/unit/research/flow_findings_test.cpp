// What is found of a study of the flow whose files or ledger are not what the flow made.
#include <gtest/gtest.h>

#include <aisci/inspect.hpp>

#include "base/files.hpp"
#include "research/flow.hpp"
#include "support/stub_study.hpp"

namespace aisci {
namespace {

using testing::parse;
using testing::StubCrew;
using testing::StubStudy;

TEST(Findings, ChangedRawFileIsFoundWithItsPlace) {
  StubStudy study;
  StubCrew stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const auto file = study.folder.path() / "experiments/n1/trials/t001/metrics.json";
  auto document = parse_json_object(read_file(file).value(), "trial").value();
  document["metrics"].as_object()["accuracy"] = 0.99;
  ASSERT_TRUE(write_file(file, json::serialize(document)).ok());
  const auto findings = study.verify(stubs);
  ASSERT_FALSE(findings.empty());
  EXPECT_NE(findings[0].place.find("experiments/n1/trials/t001/metrics.json"), std::string::npos);
}

// Who can write hashes can append events; what tells of a study must not tell of them.
TEST(Findings, EventsThatTheStudyDoesNotNeedAreFoundAndNotShown) {
  StubStudy study;
  StubCrew stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const auto append = [&](const char* type, const char* key, const char* body) {
    EXPECT_TRUE(
        Ledger::open_for_writing(study.folder.path() / "study.db").value()->append(type, key, parse(body)).ok());
  };
  append("run.ended", "after-999", R"({"state": "failed"})");
  append("run.repeated", "paper-draft#9", R"({"failure": "lost"})");
  append("model.call", "x#1", R"({"cost_usd": 1})");
  EXPECT_TRUE(study.verify(stubs).empty());
  const auto shown = parse_json_object(describe_study(study.folder.path()).value(), "show").value();
  const std::vector<std::string> foreign{"study.created b",       "claims.locked other",  "claim.decided c7",
                                         "node.created n99",      "node.evaluated n1/zz", "experiment.started n1/99",
                                         "figures.drawn revised", "run.ended.started x"};
  append("study.created", "b", R"({"question": "Another question?", "seed": "99"})");
  append("claims.locked", "other", R"({"claims": [{"id": "c7", "statement": "Z wins", "blocks": 99, "node": "n1"}]})");
  append("claim.decided", "c7", R"({"verdict": "supported", "evidence": {"contrast": {"mean": 0.9}}})");
  append("node.created", "n99", R"({"parent": "", "statement": "Forged"})");
  append("node.evaluated", "n1/zz", R"({"state": "done", "score": {"value": 0.99}})");
  append("experiment.started", "n1/99", "{}");
  append("figures.drawn", "revised", R"({"files": {}})");
  append("run.ended.started", "x", R"({"state": "whatever"})");
  std::vector<std::string> found;
  for (const auto& finding : study.verify(stubs)) found.push_back(finding.place);
  for (const auto& event : foreign) EXPECT_EQ(std::count(found.begin(), found.end(), "ledger: " + event), 1) << event;
  EXPECT_EQ(found.size(), foreign.size());
  const auto again = parse_json_object(describe_study(study.folder.path()).value(), "show").value();
  EXPECT_EQ(text_of(object_of(again, "study"), "question"), "Does A beat B?");
  EXPECT_EQ(array_of(again, "claims"), array_of(shown, "claims"));
}

void each_place(json::value& value, const std::function<void(json::value&)>& found) {
  found(value);
  if (auto* object = value.if_object())
    for (auto& entry : *object) each_place(entry.value(), found);
  if (auto* array = value.if_array(); array && !array->empty()) each_place(array->front(), found);
}

// A stranger's ledger may hold anything in any place, under hashes that are right.
TEST(Findings, WhatIsOfAnotherKindInTheLedgerIsFoundAndThrowsNothing) {
  StubStudy study, forged;
  for (StubStudy* one : {&study, &forged}) one->options.max_experiments = 3;
  StubCrew stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  std::filesystem::copy(study.folder.path(), forged.folder.path(),
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  const auto ledger = Ledger::open_for_reading(study.folder.path() / "study.db").value();
  const auto events = ledger->events().value();
  std::set<std::string> types;
  int places = 0;
  for (const auto& changed : events) {
    if (!types.insert(changed.type).second) continue;
    json::value body = changed.body;
    each_place(body, [&](json::value& place) {
      if (&place == &body) return;
      ++places;
      const json::value before = place;
      place = before.is_object() || before.is_array() ? json::value{7} : json::value(json::object{});
      for (const char* part : {"study.db", "study.db-wal", "study.db-shm"})
        std::filesystem::remove(forged.folder.path() / part);
      {
        auto fresh = Ledger::open_for_writing(forged.folder.path() / "study.db").value();
        for (const auto& event : events) {
          EXPECT_TRUE(fresh
                          ->append(event.type, event.key,
                                   event.sequence == changed.sequence ? body.get_object() : event.body,
                                   Durability::kBuffered)
                          .ok());
          if (const auto text = ledger->get(text_of(event.body, "records")); text.ok()) (void)fresh->put(*text);
        }
      }
      for (const auto& finding : forged.verify(stubs))
        EXPECT_EQ(finding.found.find("cannot go on from what is recorded"), std::string::npos)
            << changed.type << ": " << json::serialize(place) << " for " << json::serialize(before) << ": "
            << finding.found;
      EXPECT_TRUE(describe_study(forged.folder.path()).ok());
      place = before;
    });
  }
  EXPECT_GT(places, 50);
}

}  // namespace
}  // namespace aisci
