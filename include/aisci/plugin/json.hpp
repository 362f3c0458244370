// A small JSON reader and writer for plugins that bring no JSON library of their own.
//
//   namespace json = aisci::plugin::json;
//   const json::Value config = json::parse(setup.config_json);       // throws Error, INVALID_ARGUMENT
//   const double cap = config["cap"].number(4000);                    // 4000 when absent or no number
//   for (const json::Value& arm : config["arms"].items()) use(arm["label"].text());
//
//   json::Value answer;
//   answer.set("decision", "accept").set("overall", 7).set("points", json::Value::Array{"clear", "sound"});
//   return json::write(answer);                                       // {"decision":"accept",...}
//
// Reads RFC 8259: one value, at most 256 deep. Whole numbers up to 64 bits stay exact. Members keep their order; of
// two with one name the first counts. Writes no white space, numbers so that they read back the same whatever the
// locale, and null for a number that is not finite.
//
// Threads: values. Since 0.1.
#pragma once

#include <aisci/plugin/call.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aisci::plugin::json {

struct Member;

class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;

  Value() noexcept;                // null
  Value(std::nullptr_t) noexcept;  // NOLINT: implicit on purpose, as below
  template <std::same_as<bool> T>
  Value(T flag) noexcept;  // NOLINT
  template <std::integral T>
  requires(!std::same_as<T, bool>) Value(T number)
  noexcept;                          // NOLINT
  Value(double number) noexcept;     // NOLINT
  Value(const char* text);           // NOLINT
  Value(std::string_view text);      // NOLINT
  Value(std::string text) noexcept;  // NOLINT
  Value(Array items) noexcept;       // NOLINT
  Value(Object members) noexcept;    // NOLINT
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  bool is_null() const noexcept { return std::holds_alternative<std::nullptr_t>(value_); }
  bool is_flag() const noexcept { return std::holds_alternative<bool>(value_); }
  bool is_integer() const noexcept { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const noexcept { return is_integer() || std::holds_alternative<double>(value_); }
  bool is_text() const noexcept { return std::holds_alternative<std::string>(value_); }
  bool is_array() const noexcept { return std::holds_alternative<Array>(value_); }
  bool is_object() const noexcept { return std::holds_alternative<Object>(value_); }

  // The value as a type, or `otherwise` when it is another.
  bool flag(bool otherwise = false) const noexcept {
    const auto* flag = std::get_if<bool>(&value_);
    return flag ? *flag : otherwise;
  }
  double number(double otherwise = 0.0) const noexcept {
    if (const auto* whole = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*whole);
    const auto* real = std::get_if<double>(&value_);
    return real ? *real : otherwise;
  }
  std::int64_t integer(std::int64_t otherwise = 0) const noexcept {
    const auto* whole = std::get_if<std::int64_t>(&value_);
    return whole ? *whole : otherwise;
  }
  std::string text(std::string_view otherwise = {}) const {
    const auto* text = std::get_if<std::string>(&value_);
    return text ? *text : std::string{otherwise};
  }
  // Empty when it is another type.
  const Array& items() const noexcept;
  const Object& members() const noexcept;
  // Null when absent, or when this is no object or no array.
  const Value& operator[](std::string_view name) const noexcept;
  const Value& operator[](std::size_t index) const noexcept;
  const Value& operator[](int index) const noexcept { return (*this)[static_cast<std::size_t>(index)]; }
  const Value& operator[](const char* name) const noexcept { return (*this)[std::string_view{name}]; }

  // Sets a member, replacing one of that name; what is no object becomes one.
  Value& set(std::string_view name, Value value);
  // Appends; what is no array becomes one.
  Value& push(Value value);

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_;
};

struct Member {
  std::string name;
  Value value;
};

// Here, where a member is known: a variant of an unknown one is not destroyed by every compiler.
inline Value::Value() noexcept = default;
inline Value::Value(std::nullptr_t) noexcept {}
template <std::same_as<bool> T>
Value::Value(T flag) noexcept : value_{flag} {}
template <std::integral T>
requires(!std::same_as<T, bool>) Value::Value(T number)
noexcept : value_{static_cast<std::int64_t>(number)} {}
inline Value::Value(double number) noexcept : value_{number} {}
inline Value::Value(const char* text) : value_{std::string{text}} {}
inline Value::Value(std::string_view text) : value_{std::string{text}} {}
inline Value::Value(std::string text) noexcept : value_{std::move(text)} {}
inline Value::Value(Array items) noexcept : value_{std::move(items)} {}
inline Value::Value(Object members) noexcept : value_{std::move(members)} {}
inline Value::Value(const Value& other) = default;
inline Value::Value(Value&& other) noexcept = default;
inline Value& Value::operator=(const Value& other) = default;
inline Value& Value::operator=(Value&& other) noexcept = default;
inline Value::~Value() = default;

inline const Value::Array& Value::items() const noexcept {
  static const Array none;
  const auto* items = std::get_if<Array>(&value_);
  return items ? *items : none;
}
inline const Value::Object& Value::members() const noexcept {
  static const Object none;
  const auto* members = std::get_if<Object>(&value_);
  return members ? *members : none;
}
inline const Value& Value::operator[](std::string_view name) const noexcept {
  static const Value null;
  for (const Member& member : members())
    if (member.name == name) return member.value;
  return null;
}
inline const Value& Value::operator[](std::size_t index) const noexcept {
  static const Value null;
  return index < items().size() ? items()[index] : null;
}
inline Value& Value::push(Value value) {
  if (!is_array()) value_ = Array{};
  std::get_if<Array>(&value_)->push_back(std::move(value));
  return *this;
}
inline Value& Value::set(std::string_view name, Value value) {
  if (!is_object()) value_ = Object{};
  Object& object = *std::get_if<Object>(&value_);
  for (Member& member : object)
    if (member.name == name) return member.value = std::move(value), *this;
  object.push_back({std::string{name}, std::move(value)});
  return *this;
}

namespace detail {

class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_{text} {}

  Value document() {
    Value value = read(0);
    skip();
    if (at_ != text_.size()) wrong("more text after the value");
    return value;
  }

 private:
  static constexpr int kDeepest = 256;

  [[noreturn]] void wrong(const char* what) const {
    throw Error{Code::kInvalidArgument, "JSON: " + std::string{what} + " at byte " + std::to_string(at_)};
  }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip() noexcept {
    while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) noexcept {
    skip();
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) wrong("an unknown word");
    at_ += expected.size();
  }

  Value read(int depth) {
    if (depth > kDeepest) wrong("nested too deeply");
    skip();
    switch (peek()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return word("true"), Value{true};
      case 'f':
        return word("false"), Value{false};
      case 'n':
        return word("null"), Value{};
      default:
        return number();
    }
  }

  Value object(int depth) {
    Value::Object members;
    ++at_;
    if (take('}')) return members;
    do {
      skip();
      if (peek() != '"') wrong("a member's name is missing");
      std::string name = string();
      if (!take(':')) wrong("':' is missing");
      members.push_back({std::move(name), read(depth + 1)});
    } while (take(','));
    if (!take('}')) wrong("'}' is missing");
    return members;
  }

  Value array(int depth) {
    Value::Array items;
    ++at_;
    if (take(']')) return items;
    do items.push_back(read(depth + 1));
    while (take(','));
    if (!take(']')) wrong("']' is missing");
    return items;
  }

  std::string string() {
    std::string out;
    for (++at_;;) {
      if (at_ >= text_.size()) wrong("a text without end");
      const char c = text_[at_++];
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) wrong("a control character in a text");
      if (c == '\\')
        escape(out);
      else
        out += c;
    }
  }

  void escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++at_;
    if (c == 'u') return append(out, code_point());
    const std::size_t which = c == '\0' ? std::string_view::npos : kNames.find(c);
    if (which == std::string_view::npos) wrong("an unknown escape");
    out += kMeanings[which];
  }

  std::uint32_t unit() {
    std::uint32_t value = 0;
    const char* const first = text_.data() + at_;
    if (text_.size() - at_ < 4 || std::from_chars(first, first + 4, value, 16).ptr != first + 4)
      wrong("four hexadecimal digits are missing");
    at_ += 4;
    return value;
  }
  std::uint32_t code_point() {
    if (at_ > text_.size()) wrong("a text without end");
    const std::uint32_t high = unit();
    if (high < 0xd800 || high > 0xdfff) return high;
    if (high > 0xdbff || text_.substr(at_, 2) != "\\u") wrong("half of a surrogate pair");
    at_ += 2;
    const std::uint32_t low = unit();
    if (low < 0xdc00 || low > 0xdfff) wrong("half of a surrogate pair");
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }
  static void append(std::string& out, std::uint32_t c) {
    if (c < 0x80) return out.push_back(static_cast<char>(c));
    const auto rest = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x800) {
      out += static_cast<char>(0xc0 | (c >> 6));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xe0 | (c >> 12));
      rest(6);
    } else {
      out += static_cast<char>(0xf0 | (c >> 18));
      rest(12);
      rest(6);
    }
    rest(0);
  }

  void digits() {
    if (peek() < '0' || peek() > '9') wrong("a digit is missing");
    while (peek() >= '0' && peek() <= '9') ++at_;
  }
  Value number() {
    const std::size_t begin = at_;
    bool whole = true;
    if (peek() == '-') ++at_;
    if (peek() == '0')
      ++at_;
    else
      digits();
    if (peek() == '.') whole = false, ++at_, digits();
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
    const std::string_view text = text_.substr(begin, at_ - begin);
    std::int64_t integer = 0;
    if (whole && std::from_chars(text.data(), text.data() + text.size(), integer).ec == std::errc{}) return integer;
    // Not from_chars: libc++ 14 has none for double. The stream's own locale keeps the host's out of it.
    std::istringstream stream{std::string{text}};
    stream.imbue(std::locale::classic());
    double real = 0.0;
    if (!(stream >> real)) wrong("a number out of range");
    return real;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

inline void write_text(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20)
      out += "\\u00", out += kHex[byte >> 4], out += kHex[byte & 15];
    else
      out += c;
  }
  out += '"';
}

inline void write_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  const std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";  // so that it reads back as a real number
}

inline void write_value(std::string& out, const Value& value) {
  if (value.is_null())
    out += "null";
  else if (value.is_flag())
    out += value.flag() ? "true" : "false";
  else if (value.is_integer())
    out += std::to_string(value.integer());
  else if (value.is_number())
    write_number(out, value.number());
  else if (value.is_text())
    write_text(out, value.text());
  const char* separator = "";
  if (value.is_array()) {
    out += '[';
    for (const Value& item : value.items()) out += std::exchange(separator, ","), write_value(out, item);
    out += ']';
  } else if (value.is_object()) {
    out += '{';
    for (const Member& member : value.members()) {
      out += std::exchange(separator, ",");
      write_text(out, member.name);
      out += ':';
      write_value(out, member.value);
    }
    out += '}';
  }
}

}  // namespace detail

// Throws Error, INVALID_ARGUMENT with the place.
inline Value parse(std::string_view text) { return detail::Reader{text}.document(); }

inline std::string write(const Value& value) {
  std::string out;
  detail::write_value(out, value);
  return out;
}

}  // namespace aisci::plugin::json
