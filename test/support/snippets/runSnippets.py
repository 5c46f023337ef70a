"""Runs snippets for the Python SDK: one JSON object with `code` on each line of stdin, one with the answer on stdout."""
import json
import sys

import getstream.models
from getstream import Stream

setting = json.loads(sys.stdin.readline())
client = Stream(api_key=setting["apiKey"], api_secret=setting["secret"], base_url=setting["url"])
call = client.video.call("default", setting["callId"])
answers = []


class Heard:
    """An object, with everything noted that its methods return: the snippets do not look at it."""

    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        value = getattr(self.inner, name)
        if not callable(value):
            return Heard(value)

        def noting(*args, **named):
            answer = value(*args, **named)
            answers.append(answer.data.to_dict())
            return answer

        return noting


def tell(answer):
    print(json.dumps(answer, default=str), flush=True)


names = {name: getattr(getstream.models, name) for name in dir(getstream.models) if name[0].isupper()}
names.update(call=Heard(call), client=Heard(client))
call.get_or_create(data=getstream.models.CallRequest(created_by_id="ann"))
tell({"data": None})
for line in sys.stdin:
    asked = json.loads(line)
    answers.clear()
    try:
        exec(asked["code"], {**names, "sessionID": asked.get("session"), "filename": asked.get("filename")})
        tell({"data": answers[0]})
    except Exception as error:  # whatever the SDK throws is the answer
        tell({"error": f"{type(error).__name__}: {error}"})
