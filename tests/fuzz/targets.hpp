// What takes bytes from outside the program, and what must hold whatever they are. A target returns what it made of
// the bytes, or throws or crashes: both are failures.
#pragma once

#include "host/frames.hpp"
#include "host/manifest.hpp"

#include <aisci/plugin/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace aisci::fuzz {

inline void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error{what};
}

// A manifest that is read is written to a text that is read as the same.
inline bool manifest(std::string_view bytes) {
  const Result<host::Manifest> first = host::parse_manifest(bytes, "fuzzed");
  if (!first.ok()) {
    require(!first.status().message().empty(), "a refusal without words");
    return false;
  }
  const std::string text = host::to_text(*first);
  const Result<host::Manifest> second = host::parse_manifest(text, "written");
  require(second.ok() && host::to_text(*second) == text, "a manifest changed on its way");
  return true;
}

// The SDK's JSON: what is read is written to a text that is read as the same.
inline bool json(std::string_view bytes) {
  plugin::json::Value value;
  try {
    value = plugin::json::parse(bytes);
  } catch (const plugin::Error& error) {
    require(error.code() == plugin::Code::kInvalidArgument && !error.message().empty(), "a refusal of another kind");
    return false;
  }
  const std::string text = plugin::json::write(value);
  require(plugin::json::write(plugin::json::parse(text)) == text, "a document changed on its way");
  return true;
}

// Frames: however the bytes are cut, the same frames come out, and a body unpacks or says that it does not.
inline bool frames(std::string_view bytes) {
  std::string seen[2];
  bool broken[2] = {};
  for (const int cut : {0, 1}) {
    host::FrameReader reader;
    host::Frame frame;
    const std::size_t step = cut == 0 ? std::max<std::size_t>(bytes.size(), 1) : 7;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::span<char> room = reader.room();
      require(!room.empty(), "no room for what comes next");
      const std::size_t came = bytes.substr(at, step).copy(room.data(), room.size());
      reader.came(came);
      at += came;
      while (reader.next(frame)) {
        seen[cut] += static_cast<char>(frame.kind) + std::to_string(frame.number) + frame.body;
        host::Unpacker body{frame.body};
        const std::uint64_t count = body.count(8);
        require(count <= frame.body.size(), "a count of more than there is");
        for (std::uint64_t i = 0; i < count; ++i) (void)body.text();
        (void)body.number<double>();
        (void)body.status();
        require(body.good() || !body.finished(), "both spoilt and finished");
      }
    }
    broken[cut] = reader.broken();
  }
  require(seen[0] == seen[1] && broken[0] == broken[1], "frames depend on how the bytes were cut");
  return !seen[0].empty();
}

struct Target {
  const char* name;  // and of its corpus
  bool (*run)(std::string_view bytes);
};
inline constexpr Target kTargets[] = {{"manifest", manifest}, {"json", json}, {"frames", frames}};

}  // namespace aisci::fuzz
