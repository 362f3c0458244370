/* A driver's management library for machines without a GPU: it tells what the file says that FAKE_NVML names, one GPU
 * a line, "UUID|name|memory in MB|minor number", with "|lost", "|mig" or "|no minor" after it for one of that kind; or
 * "broken", and then it does not start. Without the variable there is no GPU. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 16
enum { OK = 0, INVALID = 2, NOT_SUPPORTED = 3, LOST = 15, MISMATCH = 18 };

struct gpu {
  char uuid[96], name[96];
  unsigned long long memory_mb;
  unsigned minor;
  char kind[16];
};
struct memory {
  unsigned long long total, free, used;
};

static struct gpu gpus[MOST];
static unsigned count;
static int started;

int nvmlInit_v2(void) {
  const char* path = getenv("FAKE_NVML");
  FILE* file = path ? fopen(path, "r") : NULL;
  char line[256];
  count = 0;
  while (file && count < MOST && fgets(line, sizeof line, file)) {
    struct gpu* gpu = &gpus[count];
    if (strncmp(line, "broken", 6) == 0) {
      fclose(file);
      return MISMATCH;
    }
    gpu->kind[0] = 0;
    if (sscanf(line, "%95[^|]|%95[^|]|%llu|%u|%15[a-z ]", gpu->uuid, gpu->name, &gpu->memory_mb, &gpu->minor,
               gpu->kind) >= 4)
      ++count;
  }
  if (file) fclose(file);
  ++started;
  return OK;
}
int nvmlShutdown(void) {
  --started;
  return OK;
}
const char* nvmlErrorString(int code) {
  return code == MISMATCH        ? "Driver/library version mismatch"
         : code == LOST          ? "GPU is lost"
         : code == NOT_SUPPORTED ? "Not Supported"
                                 : "Invalid Argument";
}
int nvmlDeviceGetCount_v2(unsigned* out) {
  *out = count;
  return started > 0 ? OK : INVALID;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** out) {
  if (index >= count) return INVALID;
  *out = &gpus[index];
  return strcmp(gpus[index].kind, "lost") == 0 ? LOST : OK;
}
int nvmlDeviceGetUUID(void* device, char* out, unsigned size) {
  snprintf(out, size, "%s", ((struct gpu*)device)->uuid);
  return OK;
}
int nvmlDeviceGetName(void* device, char* out, unsigned size) {
  snprintf(out, size, "%s", ((struct gpu*)device)->name);
  return OK;
}
int nvmlDeviceGetMemoryInfo(void* device, struct memory* out) {
  out->total = ((struct gpu*)device)->memory_mb << 20;
  out->free = out->total;
  out->used = 0;
  return OK;
}
int nvmlDeviceGetMinorNumber(void* device, unsigned* out) {
  *out = ((struct gpu*)device)->minor;
  return strcmp(((struct gpu*)device)->kind, "no minor") == 0 ? NOT_SUPPORTED : OK;
}
int nvmlDeviceGetMigMode(void* device, unsigned* mode, unsigned* pending) {
  *mode = *pending = strcmp(((struct gpu*)device)->kind, "mig") == 0;
  return OK;
}
