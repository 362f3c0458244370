// Names that no template has, where a comparison needs an arm: "Does a Kalman filter beat SGD?".
//
// A comparison has two sides, and each side is a phrase of words and mentions. A phrase without any word that the
// template lists, and with one that is more than scenery, is a name. Words beside a name that the template has describe
// it, and are left alone. English only: other languages order the words otherwise.
//
// Since 0.1.
#pragma once

#include "question_names.hpp"

namespace aisci::offline {

struct UnknownArm {
  std::size_t begin = 0;  // in the wording
  std::size_t end = 0;
  std::string factor;  // what it is compared with a level of; empty when the other side is unknown too
};
std::vector<UnknownArm> unknown_arms(const Wording& wording, const Reading& reading, const std::vector<Item>& items);

// Words of a question that describe, count or connect, and never name an arm; more than is_plain_word knows.
bool is_scenery(std::string_view token);

}  // namespace aisci::offline
