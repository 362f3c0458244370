// Asking a task's input document for its members: absent or mistyped means "not given", never an error.
//
//   for (const json::object* node : objects_of(study, "nodes")) use(text_of(*node, "id"));
//   double mean = number_of(object_at(*node, "evidence.contrast"), "mean");
//
// References returned stay valid as long as the document does. Pure functions, any thread.
// Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"

namespace aisci::offline {

std::string text_of(const json::object& object, std::string_view name, std::string_view otherwise = {});
double number_of(const json::object& object, std::string_view name, double otherwise = 0.0);
bool flag_of(const json::object& object, std::string_view name, bool otherwise = false);
bool has(const json::object& object, std::string_view name);  // there, and not null

const json::object& object_of(const json::object& object, std::string_view name);
const json::array& array_of(const json::object& object, std::string_view name);
// A path of members: object_at(node, "evidence.contrast"); empty when a step is missing.
const json::object& object_at(const json::object& object, std::string_view path);

// The objects, or the texts, of an array member; other elements are skipped.
std::vector<const json::object*> objects_of(const json::object& object, std::string_view name);
std::vector<std::string> texts_of(const json::object& object, std::string_view name);

// A level as it is written in names: "gelu", "100", "0.1". Numbers in their shortest form.
std::string level_name(const json::value& level);
bool is_number(const json::value& value);
double as_number(const json::value& value);

// "a, b and c"
std::string listed(const std::vector<std::string>& items, std::string_view last = " and ");
std::string replaced(std::string text, std::string_view from, std::string_view to);
std::string capitalised(std::string text);
// Without the full stop at its end.
std::string without_stop(std::string text);
bool contains(const std::vector<std::string>& items, std::string_view item);
bool has_digit(std::string_view text);

}  // namespace aisci::offline
