// The zoo: a plugin whose agent breaks one rule with each of its tasks, and whose other components cannot be made. By
// hand over the C headers, because the SDK would not let it.
#include <aisci/abi_draft.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

aisci_bytes_t text(const char* words) { return {words, std::strlen(words)}; }
constexpr aisci_bytes_t kNothing{nullptr, 0};

struct Stranger {};

using Task = int32_t (*)(const aisci_call_t* call, aisci_sink_t* output);
struct Animal {
  const char* name;
  Task act;
};

volatile int* nowhere = nullptr;

const Animal kAnimals[] = {
    {"throws int", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { throw 7; }},
    {"throws string", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { throw std::string{"words"}; }},
    {"throws literal", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { throw "words"; }},
    {"throws bad_alloc", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { throw std::bad_alloc{}; }},
    {"throws exception", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { throw std::runtime_error{"out"}; }},
    {"throws stranger", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { throw Stranger{}; }},
    {"unknown code", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { return 99; }},
    {"negative code", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { return -1; }},
    {"silent failure", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { return AISCI_NOT_FOUND; }},
    {"no output", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { return AISCI_OK; }},
    {"two outputs",
     [](const aisci_call_t*, aisci_sink_t* out) { return out->write(out, text("a")), out->write(out, text("b")); }},
    {"writes after a failed write",
     [](const aisci_call_t*, aisci_sink_t* out) -> int32_t {
       out->write(out, {"", std::numeric_limits<uint64_t>::max()});
       return out->write(out, text("small")), AISCI_OK;
     }},
    {"fails after writing",
     [](const aisci_call_t* call, aisci_sink_t* out) {
       return out->write(out, text("half")), call->fail(call, AISCI_ABORTED, text("half way"), kNothing);
     }},
    {"writes from a foreign thread",
     [](const aisci_call_t* call, aisci_sink_t* out) {
       int32_t code = AISCI_OK;
       std::thread{[&] { code = out->write(out, text("elsewhere")); }}.join();
       return call->fail(call, code, text("refused"), kNothing);
     }},
    {"4 GB answer",
     [](const aisci_call_t*, aisci_sink_t* out) -> int32_t {
       const std::string piece(std::size_t{64} << 20, 'x');
       int32_t code = AISCI_OK;
       for (int i = 0; i < 64 && code == AISCI_OK; ++i) code = out->write(out, {piece.data(), piece.size()});
       return code;
     }},
    // What follows is the end of the process it happens in.
    {"aborts",
     [](const aisci_call_t*, aisci_sink_t*) -> int32_t {
       static const char words[] = "an assertion of the zoo failed\n";
       if (::write(2, words, sizeof words - 1) < 0) return AISCI_INTERNAL;
       std::abort();
     }},
    {"reads nowhere", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { return *nowhere; }},
    {"exits", [](const aisci_call_t*, aisci_sink_t*) -> int32_t { std::_Exit(3); }},
    {"throws on a thread",
     [](const aisci_call_t*, aisci_sink_t*) -> int32_t {
       std::thread{[] { throw Stranger{}; }}.join();
       return AISCI_OK;
     }},
    {"ignores cancel",
     [](const aisci_call_t*, aisci_sink_t*) -> int32_t {
       for (;;) std::this_thread::sleep_for(std::chrono::seconds{1});
     }},
    {"endless loop",
     [](const aisci_call_t*, aisci_sink_t*) -> int32_t {
       for (volatile unsigned i = 0;;) i = i + 1;
     }},
    {"leaks",
     [](const aisci_call_t*, aisci_sink_t*) -> int32_t {
       for (;;) {
         void* const lost = std::malloc(std::size_t{16} << 20);
         if (!lost) std::abort();
         std::memset(lost, 1, 4096);
       }
     }},
};

int32_t act(aisci_instance_t*, const aisci_call_t* call, aisci_bytes_t task, aisci_bytes_t, aisci_sink_t* output) {
  const std::string_view name{static_cast<const char*>(task.data), task.size};
  for (const Animal& animal : kAnimals)
    if (name == animal.name) return animal.act(call, output);
  return output->write(output, text("fine"));
}

const aisci_agent_t kAgent{sizeof(aisci_agent_t), 0, nullptr, act};
const aisci_agent_t kShortAgent{offsetof(aisci_agent_t, act), 0, nullptr, act};
int32_t forget(aisci_instance_t*, const aisci_call_t*, const aisci_node_t* const*, uint64_t, aisci_score_t*) {
  return AISCI_OK;
}
const aisci_value_function_t kForgetful{sizeof(aisci_value_function_t), 0, forget};

void destroy(aisci_instance_t*) {}
void destroy_never(aisci_instance_t*) {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds{1});
}
template <const auto& table>
const void* give(aisci_instance_t*, const char*) {
  return &table;
}
const void* give_nothing(aisci_instance_t*, const char*) { return nullptr; }
const void* give_exception(aisci_instance_t*, const char*) { throw 1; }

aisci_instance_t kGood{sizeof(aisci_instance_t), 0, nullptr, give<kAgent>, destroy};
aisci_instance_t kShort{sizeof(aisci_instance_t), 0, nullptr, give<kShortAgent>, destroy};
aisci_instance_t kForgets{sizeof(aisci_instance_t), 0, nullptr, give<kForgetful>, destroy};
aisci_instance_t kNoInterface{sizeof(aisci_instance_t), 0, nullptr, give_nothing, destroy};
aisci_instance_t kThrowsInterface{sizeof(aisci_instance_t), 0, nullptr, give_exception, destroy};
aisci_instance_t kIncomplete{sizeof(aisci_instance_t), 0, nullptr, nullptr, destroy};
aisci_instance_t kClings{sizeof(aisci_instance_t), 0, nullptr, give<kAgent>, destroy_never};

int32_t create(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out) {
  const std::string_view id = setup->component_id;
  if (id == "good") *out = &kGood;
  if (id == "short") *out = &kShort;
  if (id == "forgets") *out = &kForgets;
  if (id == "no-interface") *out = &kNoInterface;
  if (id == "throws-interface") *out = &kThrowsInterface;
  if (id == "incomplete") *out = &kIncomplete;
  if (id == "clings") *out = &kClings;
  if (id == "throws") throw std::runtime_error{"in create"};
  if (id == "fails") return call->fail(call, AISCI_UNAUTHENTICATED, text("no key"), kNothing);
  if (id == "crashes") std::abort();
  return AISCI_OK;  // "null": says so without an instance
}

constexpr aisci_component_t agent(const char* id) { return {sizeof(aisci_component_t), 0, "agent", id}; }
const aisci_component_t kAll[] = {agent("good"),
                                  agent("short"),
                                  agent("null"),
                                  agent("no-interface"),
                                  agent("throws-interface"),
                                  agent("incomplete"),
                                  agent("throws"),
                                  agent("fails"),
                                  agent("crashes"),
                                  agent("clings"),
                                  {sizeof(aisci_component_t), 0, "value_function", "forgets"}};
const aisci_component_t* const kComponents[] = {&kAll[0], &kAll[1], &kAll[2], &kAll[3], &kAll[4], &kAll[5],
                                                &kAll[6], &kAll[7], &kAll[8], &kAll[9], &kAll[10]};
const aisci_plugin_info_t kInfo{sizeof(aisci_plugin_info_t), 0, "org.aisci.test.zoo", "1.0.0"};
const aisci_plugin_t kTable{sizeof(aisci_plugin_t), 0,      AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, 0, &kInfo, kComponents,
                            std::size(kComponents), create, nullptr};

}  // namespace

extern "C" AISCI_EXPORT const aisci_plugin_t* aisci_plugin_v1(void) { return &kTable; }
