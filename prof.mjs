import puppeteer from 'puppeteer';
import {setTimeout as wait} from 'timers/promises';
let b; for(let i=0;i<300;i++){try{b=await puppeteer.connect({browserURL:'http://127.0.0.1:9333',defaultViewport:null});break}catch{await wait(200)}}
await wait(9000);
const show=(label,{profile:p})=>{const byId=new Map(p.nodes.map(n=>[n.id,n]));const self=new Map();let idle=0,total=0;p.samples.forEach((id,i)=>{const c=byId.get(id).callFrame;const d=p.timeDeltas[i];total+=d;if(c.functionName==='(idle)'){idle+=d;return}const k=c.functionName+' '+c.url.slice(-30)+':'+c.lineNumber+':'+c.columnNumber;self.set(k,(self.get(k)??0)+d)});
console.log('==',label,'busy ms/s',((total-idle)/total*1000).toFixed(1));[...self].sort((a,b)=>b[1]-a[1]).slice(0,28).forEach(([k,v])=>console.log((v/total*1000).toFixed(2),k))};
for (const t of b.targets()) { console.log(t.type(), t.url().slice(0,80)); }
for (const t of b.targets()) if (/recorder/.test(t.url())) { const s=await t.createCDPSession(); await s.send('Profiler.enable'); await s.send('Profiler.setSamplingInterval',{interval:200}); await s.send('Profiler.start'); await wait(5000); show(t.url(), await s.send('Profiler.stop'));}
const pt=b.targets().find(t=>t.type()==='page'&&!/extension/.test(t.url()));
if(pt){const page=await pt.page(); for(const w of page.workers()){const s=w.client; try{await s.send('Profiler.enable'); await s.send('Profiler.setSamplingInterval',{interval:200}); await s.send('Profiler.start'); await wait(5000); show('worker '+w.url().slice(0,60), await s.send('Profiler.stop'));}catch(e){console.log(String(e))}}}
process.exit();
