"""sendMessage, the media methods and sendChatAction."""

from __future__ import annotations

import hashlib
import mimetypes
from typing import TYPE_CHECKING, Any

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.methods.posting import post, read_caption, read_markup, read_message_text
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import get_place_to_write
from sandbox.telegram.validation import UploadedFile

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_UPLOAD_BYTES = 50 * 1024 * 1024
"""Of any file that a bot sends, photos apart."""
CHAT_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip

LARGEST_PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@api_method("sendMessage")
def send_message(call: MethodCall) -> dict[str, Any]:
    """A text message."""
    text, entities = read_message_text(call)
    return post(call, text=text, entities=entities, reply_markup=read_markup(call))


@api_method("sendPhoto")
def send_photo(call: MethodCall) -> dict[str, Any]:
    """A photo, in one size."""
    return _send_medium(call, "photo", lambda file: [file | {"width": 640, "height": 480}])


@api_method("sendDocument")
def send_document(call: MethodCall) -> dict[str, Any]:
    """A document."""
    return _send_medium(call, "document", lambda file: file)


@api_method("sendVideo")
def send_video(call: MethodCall) -> dict[str, Any]:
    """A video."""
    return _send_medium(call, "video", lambda file: file | {"width": 640, "height": 480, "duration": 1})


@api_method("sendChatAction")
def send_chat_action(call: MethodCall) -> bool:
    """A status such as "typing"; nothing of it stays."""
    if call["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    get_place_to_write(call)
    return True


def _send_medium(call: MethodCall, kind: str, shape: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    caption, entities = read_caption(call)
    content = {kind: shape(_describe_file(call, kind))}
    return post(call, text=caption, entities=entities, content=content, is_caption=True, reply_markup=read_markup(call))


def _describe_file(call: MethodCall, kind: str) -> dict[str, Any]:
    given = call[kind]
    if isinstance(given, str) and given.startswith("attach://"):
        given = call.parameters.get("\0files", {}).get(given.removeprefix("attach://"), "")
    if isinstance(given, UploadedFile):
        return _take_upload(call, kind, given)
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        file_id = _file_id(given)
    elif len(given) >= 16 and given.isascii() and " " not in given:
        file_id = given
    else:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return {"file_id": file_id, "file_unique_id": file_id[-16:]}


def _take_upload(call: MethodCall, kind: str, given: UploadedFile) -> dict[str, Any]:
    _check_file(given, kind)
    file_id = _file_id(hashlib.sha256(given.content).hexdigest())
    call.world.files[file_id] = given.content
    # Telegram goes by the name.
    mime_type = mimetypes.guess_type(given.name)[0] or given.content_type
    names = {"file_name": given.name, "mime_type": mime_type} if kind == "document" else {}
    return {"file_id": file_id, "file_unique_id": file_id[-16:], "file_size": given.size, **names}


def _check_file(file: UploadedFile, kind: str) -> None:
    if file.size == 0:
        raise bad_request("file must be non-empty")
    if file.size > LARGEST_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and file.size > LARGEST_PHOTO_BYTES:
        limit = f"the maximum size is {LARGEST_PHOTO_BYTES} bytes"
        raise bad_request(f"file of size {file.size} bytes is too big for a photo; {limit}")
    if kind == "photo" and not file.content.startswith(PHOTO_BEGINNINGS):
        raise bad_request("IMAGE_PROCESS_FAILED")


def _file_id(source: str) -> str:
    return "AgAD" + hashlib.sha256(source.encode()).hexdigest()[:40]
