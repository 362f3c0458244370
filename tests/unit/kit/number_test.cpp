// Numbers in texts, while the host writes a comma before decimals.
#include "kit/number.hpp"

#include <gtest/gtest.h>

#include "support/comma_locale.hpp"

namespace aisci::kit {
namespace {

class Number : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(locale_.problem(), ""); }
  const aisci::testing::CommaLocale locale_;
};

TEST_F(Number, IsAWholeText) {
  EXPECT_EQ(parsed_number("0.000002"), 2e-06);
  EXPECT_EQ(parsed_number("-3"), -3.0);
  for (const char* other : {"", "0,5", "2 per request", "1e999", "nan", "+1"})
    EXPECT_EQ(parsed_number(other), std::nullopt) << other;
}

TEST_F(Number, OfAPrintTellsHowFarRoundingMovedIt) {
  struct Case {
    const char* text;
    double value, half_digit;
  };
  for (const auto& expected : {Case{"+2.1 percentage points", 2.1, 0.05},
                               {"-0.0047 nats", -0.0047, 0.00005},
                               {"24", 24, 0.5},
                               {"1.235e+12", 1.235e12, 5e8},
                               {"4e-02", 0.04, 0.005},
                               {"93.", 93, 0.5}}) {
    const auto number = printed_number(expected.text);
    ASSERT_TRUE(number) << expected.text;
    EXPECT_DOUBLE_EQ(number->value, expected.value) << expected.text;
    EXPECT_DOUBLE_EQ(number->half_digit, expected.half_digit) << expected.text;
  }
  for (const char* other : {"", "<0.001", "not defined", "+", "."}) EXPECT_FALSE(printed_number(other)) << other;
}

TEST_F(Number, IsWrittenWithAPoint) {
  EXPECT_EQ(decimal(0.456, 2), "0.46");
  EXPECT_EQ(decimal(1234.5, 1), "1234.5");
}

}  // namespace
}  // namespace aisci::kit
