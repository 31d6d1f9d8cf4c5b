import { chromium } from 'playwright-core';
import { readdirSync, readFileSync } from 'node:fs';
const dir='/work/main/target/screens/';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const look=process.argv[2], w=Number(process.argv[3]||300), per=Number(process.argv[4]||10);
const from=process.argv[5]||'';
const files=readdirSync(dir).filter(f=>f.endsWith(look+'.png')&&f>=from).sort();
for(let i=0;i*per<files.length;i++){
 const p=await b.newPage({viewport:{width:w*5+60,height:800}});
 const html=files.slice(i*per,(i+1)*per).map(f=>`<figure style="margin:4px;width:${w}px"><figcaption style="font:12px sans-serif">${f}</figcaption><img style="width:${w}px;border:1px solid #888;max-height:820px;object-fit:cover;object-position:top" src="data:image/png;base64,${readFileSync(dir+f).toString('base64')}"></figure>`).join('');
 await p.setContent(`<div style="display:flex;flex-wrap:wrap;background:#ccc">${html}</div>`);
 await p.screenshot({path:`/tmp/e2e/sheet-${look}-${i}.png`,fullPage:true});
 await p.close();
}
await b.close();
