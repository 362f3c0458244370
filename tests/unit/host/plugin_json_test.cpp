// The SDK's JSON reader and writer.
#include <aisci/plugin/json.hpp>

#include <gtest/gtest.h>

#include "support/comma_locale.hpp"

namespace json = aisci::plugin::json;

namespace {

std::string again(std::string_view text) { return json::write(json::parse(text)); }

std::string refusal(std::string_view text) {
  try {
    return "read as " + again(text);
  } catch (const aisci::plugin::Error& error) {
    EXPECT_EQ(error.code(), aisci::plugin::Code::kInvalidArgument);
    return error.message();
  }
}

TEST(PluginJson, BuildsDocuments) {
  json::Value answer;
  answer.set("decision", "accept").set("overall", 7).set("points", json::Value::Array{"clear", "sound"});
  answer.set("overall", 8).set("sure", true).set("share", 0.1).set("none", nullptr);
  EXPECT_EQ(json::write(answer),
            R"({"decision":"accept","overall":8,"points":["clear","sound"],"sure":true,"share":0.1,"none":null})");
  json::Value list;
  list.push(1).push("two");
  EXPECT_EQ(json::write(list), R"([1,"two"])");
}

TEST(PluginJson, ReadsByTypeOrOtherwise) {
  const json::Value value = json::parse(R"({"a":[1,2.5],"t":"x","f":true,"n":null})");
  EXPECT_EQ(value["a"][0].integer(), 1);
  EXPECT_EQ(value["a"][0].number(), 1.0);
  EXPECT_EQ(value["a"][1].number(), 2.5);
  EXPECT_EQ(value["a"][1].integer(-1), -1);
  EXPECT_EQ(value["a"][9].number(4.0), 4.0);
  EXPECT_EQ(value["t"].text(), "x");
  EXPECT_EQ(value["missing"]["deeper"].text("otherwise"), "otherwise");
  EXPECT_TRUE(value["f"].flag());
  EXPECT_TRUE(value["n"].is_null());
  EXPECT_TRUE(value["t"].items().empty());
}

TEST(PluginJson, WhatItWritesReadsBackTheSame) {
  for (const char* text : {"null", "true", "-9223372036854775808", "9223372036854775807", "0.1", "1e+300", "-0.0",
                           "5e-324", R"("a\nb\u0001\"\\")", R"("é😀")", "[]", "{}", R"({"a":{"b":[{},[[]]]}})"})
    EXPECT_EQ(again(text), text);
}

TEST(PluginJson, EscapesAreRead) {
  EXPECT_EQ(json::parse(R"("\u00e9\ud83d\ude00\/\b\f\r\t")").text(), "é😀/\b\f\r\t");
  EXPECT_EQ(json::write(json::Value{1.0 / 0.0}), "null");
}

TEST(PluginJson, RefusesWhatIsNotJson) {
  for (const char* text : {"",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "01",
                           "1.",
                           "-",
                           "+1",
                           "1e",
                           "nul",
                           "1 2",
                           "\"\\",
                           "\"\\u12\"",
                           "\"\\u12",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"\n\"",
                           "{\"a\" 1}",
                           "{a:1}",
                           "[1 2]",
                           "'a'",
                           "1e999",
                           "NaN"})
    EXPECT_NE(refusal(text).find(" at byte "), std::string::npos) << text;
  EXPECT_NE(refusal(std::string(1000, '[')).find("nested too deeply"), std::string::npos);
  EXPECT_NE(refusal(std::string_view{"1\0", 2}).find("more text"), std::string::npos);
}

TEST(PluginJson, LocaleOfTheHostDoesNotMatter) {
  const aisci::testing::CommaLocale locale;
  ASSERT_EQ(locale.problem(), "");
  EXPECT_EQ(json::parse("2.5").number(), 2.5);
  EXPECT_EQ(json::write(json::Value{2.5}), "2.5");
  EXPECT_EQ(again("[12345,1.5e-7]"), "[12345,1.5e-07]") << "nor are digits grouped";
}

}  // namespace
